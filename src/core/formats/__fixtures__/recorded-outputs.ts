import { CALL_OUTPUTS } from './call-outputs.ts'
import { CUT_OFF_OUTPUTS } from './cut-off-outputs.ts'
import { DATA_OUTPUTS } from './data-outputs.ts'
import { MALFORMED_OUTPUTS } from './malformed-outputs.ts'
import { PROSE_OUTPUTS } from './prose-outputs.ts'
import type { RecordedOutput } from './recorded-output.ts'

export const RECORDED_OUTPUTS: readonly RecordedOutput[] = [
  ...PROSE_OUTPUTS,
  ...CALL_OUTPUTS,
  ...DATA_OUTPUTS,
  ...MALFORMED_OUTPUTS,
  ...CUT_OFF_OUTPUTS,
]
