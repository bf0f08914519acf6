import type { ReactNode } from 'react'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import type { ToolDocument, ToolId } from '../../core/tools/tool.ts'
import type { AnswerScript } from '../../session/__fixtures__/answering-engine.ts'
import { openTab } from '../../store/__fixtures__/harness.ts'
import type { AppStore } from '../../store/store.ts'
import '../theme.css'
import { AppStoreContext } from '../use-app-store.ts'

export const WEATHER_TOOL: ToolDocument = {
  id: 'weather' as ToolId,
  enabled: true,
  cannedResults: [],
  text: JSON.stringify({
    name: 'get_weather',
    description: 'Current weather',
    parameters: {
      type: 'object',
      properties: {
        location: { type: 'string' },
        unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
        days: { type: 'integer' },
      },
      required: ['location'],
    },
  }),
}

export type RenderOptions = {
  readonly answers?: readonly AnswerScript[]
  readonly tools?: readonly ToolDocument[]
  /** False: the model is still to be loaded. */
  readonly isModelReady?: boolean
}

/** Renders panes over the app's real store, with a scripted engine and memory for storage. */
export async function renderWithStore(
  children: ReactNode,
  { answers = [['Hello.']], tools = [WEATHER_TOOL], isModelReady = true }: RenderOptions = {},
): Promise<AppStore> {
  // Clicks outside of the frame's own size would go astray.
  await page.viewport(1040, 640)
  const { store } = openTab({ answers })
  await store.hydrate()
  store.setState({ toolDocuments: tools })
  if (isModelReady) await store.getState().loadBuiltInModel()
  await render(
    <AppStoreContext value={store}>
      <div className="flex h-[600px] w-[1000px] gap-2">{children}</div>
    </AppStoreContext>,
  )
  return store
}

/** An answer that consists of one call, in tokens of a few characters. */
export function callScript(...calls: readonly object[]): readonly string[] {
  return JSON.stringify(calls).match(/.{1,6}/gsu) ?? []
}

export function weatherCall(args: object): object {
  return { name: 'get_weather', arguments: args }
}
