import type { FormatId } from '../../format.ts'

/** What models of one family write in the situations that every format has to master; the data are alike for all. */
export type FamilyOutputs = {
  readonly format: FormatId
  /** A chat template of the family, among the fixtures of `template/`. */
  readonly template: string
  /** get_weather for Oslo in degrees Celsius. */
  readonly single: string
  /** The same, and get_time for Europe/Oslo. */
  readonly parallel: string
  /** set_all with every data type. */
  readonly types: string
  /** ping without arguments. */
  readonly empty: string
  /** `Let me look.`, the single call, `Done.` */
  readonly around: string
  /** say with quotes, a backslash, a line break, and the family's own markup in a string. */
  readonly escaped: string
  readonly markInString: string
  /** get_weather with single quotes. */
  readonly malformed: string
  /** In the middle of the city. */
  readonly cutOff: string
  /** A call that is only thought of, then one that is made. */
  readonly reasoning: { readonly output: string; readonly thought: string }
}
