import type { ToolId } from '../../core/tools/tool.ts'
import { selectProblemsOf, selectReading } from '../../store/selectors.ts'
import { useAppStore } from '../use-app-store.ts'
import { toolView, type ToolView } from './tool-view.ts'

/** One document as it is shown; null when it is no longer there. */
export function useToolView(id: ToolId): ToolView | null {
  const document = useAppStore((state) => state.toolDocuments.find((other) => other.id === id))
  const reading = useAppStore((state) => selectReading(state, id))
  const problems = useAppStore((state) => selectProblemsOf(state, id))
  return document && reading ? toolView(document, reading, problems) : null
}
