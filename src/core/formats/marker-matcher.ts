/** A table of the characters, all of them ASCII, with which one of the markers begins: 1 at their codes. */
export function firstCodes(markers: readonly string[]): Uint8Array {
  const table = new Uint8Array(128)
  for (const marker of markers) table[marker.charCodeAt(0)] = 1
  return table
}

/**
 * Matches one of several fixed texts against characters that arrive one at a time.
 *
 * No marker may begin another one, nor hold its own first character again: then the character that ends a failed match
 * is the only one that can begin the next.
 */
export class MarkerMatcher {
  /** How many characters have matched. */
  private length = 0
  private markers: readonly string[] = []
  /** The first marker that still fits. */
  private fitting: string | null = null

  start(markers: readonly string[]): void {
    this.length = 0
    this.markers = markers
    this.fitting = markers[0] ?? null
  }

  /** The whole marker once its last character is there. */
  step(code: number): 'partial' | 'none' | { readonly marker: string } {
    if (this.fitting?.charCodeAt(this.length) !== code) this.fitting = this.otherMarker(code)
    this.length += 1
    if (this.fitting === null) return 'none'
    return this.fitting.length === this.length ? { marker: this.fitting } : 'partial'
  }

  /** More than half of a marker is there: at the end of the output that is a cut-off marker rather than text. */
  get isMostlyMatched(): boolean {
    return this.fitting !== null && this.length * 2 > this.fitting.length
  }

  /** A marker that agrees with all that has matched, and goes on with `code`. */
  private otherMarker(code: number): string | null {
    for (const marker of this.markers) {
      if (marker.charCodeAt(this.length) !== code) continue
      if (this.length === 0 || this.agrees(marker)) return marker
    }
    return null
  }

  /** A marker begins with what has matched. */
  private agrees(marker: string): boolean {
    const { fitting } = this
    if (fitting === null) return false
    for (let index = 0; index < this.length; index += 1) {
      if (marker.charCodeAt(index) !== fitting.charCodeAt(index)) return false
    }
    return true
  }
}
