import { aprielOutputs } from './apriel.ts'
import { commandROutputs } from './command-r.ts'
import { commandR7bOutputs } from './command-r7b.ts'
import { deepseekV3Outputs } from './deepseek-v3.ts'
import { deepseekV31Outputs } from './deepseek-v31.ts'
import { firefunctionOutputs } from './firefunction.ts'
import { functionaryV31Outputs } from './functionary-v31.ts'
import { functionaryV32Outputs } from './functionary-v32.ts'
import { gptOssOutputs } from './gpt-oss.ts'
import { graniteOutputs } from './granite.ts'
import { graniteCodeOutputs } from './granite-code.ts'
import { hammerOutputs } from './hammer.ts'
import { kimiK2Outputs } from './kimi-k2.ts'
import { mistralOutputs } from './mistral.ts'
import { mistralArgsOutputs } from './mistral-args.ts'
import { mistralIdOutputs } from './mistral-id.ts'
import { nemotronOutputs } from './nemotron.ts'
import { phi4MiniOutputs } from './phi-4-mini.ts'
import { smollm2Outputs } from './smollm2.ts'
import type { FamilyOutputs } from './family-outputs.ts'

export const FAMILIES: readonly FamilyOutputs[] = [
  mistralOutputs,
  mistralIdOutputs,
  mistralArgsOutputs,
  graniteOutputs,
  graniteCodeOutputs,
  deepseekV3Outputs,
  deepseekV31Outputs,
  phi4MiniOutputs,
  firefunctionOutputs,
  gptOssOutputs,
  hammerOutputs,
  smollm2Outputs,
  functionaryV31Outputs,
  functionaryV32Outputs,
  commandROutputs,
  commandR7bOutputs,
  nemotronOutputs,
  aprielOutputs,
  kimiK2Outputs,
]
