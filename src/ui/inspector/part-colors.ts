import type { XraySegment } from '../../store/prompt-views.ts'

type Kind = XraySegment['kind']

/** The background of a part's text, and of its swatch in the outline; the words say the same. */
export const PART_CLASSES: Readonly<Record<Kind, string>> = {
  system: 'bg-sunken',
  instruction: 'bg-warn-soft',
  tool: 'bg-accent-soft',
  message: 'bg-info-soft',
  call: 'bg-good-soft',
  result: 'bg-bad-soft',
  generation: 'bg-canvas',
  template: 'bg-surface',
  unknown: 'bg-surface',
}

/** The bar beside a part. */
export const BAR_CLASSES: Readonly<Record<Kind, string>> = {
  system: 'bg-line-strong',
  instruction: 'bg-warn',
  tool: 'bg-accent',
  message: 'bg-info',
  call: 'bg-good',
  result: 'bg-bad',
  generation: 'bg-ink-faint',
  template: 'bg-ink-faint',
  unknown: 'bg-ink-faint',
}
