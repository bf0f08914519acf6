/** A half-open range of UTF-16 offsets, as `String.prototype.slice` takes them. */
export type Span = { readonly start: number; readonly end: number }
