/** A token's text with what the eye would miss made visible: line breaks, tabs, spaces at its ends, nothing at all. */
export function visibleText(text: string): string {
  if (text === '') return '∅'
  return text
    .replaceAll('\n', '↵')
    .replaceAll('\t', '⇥')
    .replaceAll(/^ +| +$/g, (spaces) => '·'.repeat(spaces.length))
}

/** A probability from its natural logarithm: `87.3 %`, `0.02 %`, `< 0.01 %`. */
export function percent(logprob: number): string {
  const value = Math.exp(logprob) * 100
  if (value < 0.01) return '< 0.01 %'
  return `${value.toFixed(value < 1 ? 2 : 1)} %`
}
