import { describe, expect, it } from 'vitest'
import { checkDefinition } from '../../core/tools/check-definition.ts'
import { readTools } from '../../core/tools/read-tools.ts'
import type { ToolId } from '../../core/tools/tool.ts'
import { inNotation, toolView } from './tool-view.ts'

function view(text: string) {
  const reading = readTools(text, checkDefinition)
  const document = { id: 't' as ToolId, text, enabled: true, cannedResults: [] }
  return toolView(document, reading, reading.problems)
}

const WEATHER = {
  name: 'get_weather',
  description: 'Weather now',
  parameters: {
    type: 'object',
    properties: { location: { type: 'string' }, unit: { enum: ['c', 'f'] } },
    required: ['location'],
  },
}

describe('toolView', () => {
  it('of one tool', () => {
    expect(view(JSON.stringify(WEATHER))).toMatchObject({
      title: 'get_weather',
      isNamed: true,
      description: 'Weather now',
      parameters: 'location, unit?',
      parameterSchemas: WEATHER.parameters.properties,
      notation: 'bare',
      errorCount: 0,
    })
  })

  it('of several tools', () => {
    const openai = { type: 'function', function: { ...WEATHER, name: 'other' } }
    expect(view(JSON.stringify([WEATHER, openai]))).toMatchObject({
      title: '2 tools',
      isNamed: false,
      description: 'get_weather, other',
      parameters: '',
      notation: null,
    })
  })

  it('of a text that cannot be read keeps the name and says what is wrong', () => {
    const broken = view('{"name": "ping_host", }')
    expect(broken).toMatchObject({ title: 'ping_host', isNamed: true, parameters: '' })
    expect(broken.description).toBe(broken.problems[0]?.message)
    expect(broken.errorCount).toBeGreaterThan(0)
  })

  it('of nothing', () => {
    expect(view('  ')).toMatchObject({ title: 'Untitled', isNamed: false, description: 'Empty' })
  })
})

describe('inNotation', () => {
  it('rewrites every tool and keeps what else stands there', () => {
    const body = { model: 'm', tools: [WEATHER, { name: 42 }, { ...WEATHER, name: 'two' }] }
    const schema = WEATHER.parameters
    const common = { description: 'Weather now', input_schema: schema }
    expect(JSON.parse(inNotation(view(JSON.stringify(body)), 'anthropic'))).toEqual({
      model: 'm',
      tools: [{ name: 'get_weather', ...common }, { name: 42 }, { name: 'two', ...common }],
    })
  })

  it('comes back to the same text', () => {
    const text = JSON.stringify(WEATHER, null, 2)
    for (const notation of ['openai', 'anthropic', 'mcp'] as const) {
      expect(inNotation(view(inNotation(view(text), notation)), 'bare')).toBe(text)
    }
  })

  it('leaves a text without tools alone', () => {
    expect(inNotation(view('{"a": '), 'openai')).toBe('{"a": ')
  })
})
