import type { JsonObject } from '../../lib/json.ts'
import type { CannedResult } from '../tool.ts'

/** A set of tools with canned results, and prompts that show what they are for. */
export type Preset = {
  readonly id: string
  readonly title: string
  readonly description: string
  /** Left out: the user's own stays. */
  readonly systemPrompt?: string
  readonly tools: readonly PresetTool[]
  readonly examples: readonly ExamplePrompt[]
}

export type PresetTool = {
  readonly definition: JsonObject
  readonly cannedResults: readonly Omit<CannedResult, 'id'>[]
}

export type ExamplePrompt = {
  readonly prompt: string
  /** What a good model does: `clarification` asks for a missing argument. */
  readonly expects: 'call' | 'parallel' | 'no-call' | 'clarification'
}
