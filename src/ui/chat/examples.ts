import { findPreset } from '../../core/tools/presets/all-presets.ts'
import type { ExamplePrompt } from '../../core/tools/presets/preset.ts'
import type { AppState } from '../../store/state.ts'

const NONE: readonly ExamplePrompt[] = []

/** The example prompts of the preset in use. */
export function selectExamples({ presetId }: AppState): readonly ExamplePrompt[] {
  return (presetId === null ? null : findPreset(presetId))?.examples ?? NONE
}
