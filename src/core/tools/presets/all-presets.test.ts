import { describe, expect, it } from 'vitest'

import { validateValue } from '../../schema/validate-value.ts'
import { valueAt } from '../../schema/json-pointer.ts'
import { chooseCannedResult } from '../canned-result.ts'
import { checkDefinition } from '../check-definition.ts'
import { formatToolText } from '../format-tool-text.ts'
import { findDuplicateNames, readTools } from '../read-tools.ts'
import { findPreset, PRESETS } from './all-presets.ts'

const EVERY_TOOL = PRESETS.flatMap((preset) =>
  preset.tools.map((tool) => ({
    id: `${preset.id}: ${JSON.stringify(tool.definition['name'])}`,
    tool,
  })),
)

/** `name(required, optional?)`. */
function signature(definition: (typeof EVERY_TOOL)[number]['tool']['definition']): string {
  const required = valueAt(definition, '/parameters/required')
  const names = Object.keys(valueAt(definition, '/parameters/properties') ?? {})
  const list = names.map((name) =>
    Array.isArray(required) && required.includes(name) ? name : `${name}?`,
  )
  return `${JSON.stringify(definition['name']).slice(1, -1)}(${list.join(', ')})`
}

describe('PRESETS', () => {
  it('have the names and arguments that the built-in model knows', () => {
    expect(EVERY_TOOL.map(({ tool }) => signature(tool.definition))).toEqual([
      'get_weather(location, unit?)',
      'check_ssl_certificate(host)',
      'check_quantum_safety(host, port?)',
      'run_security_audit(target, depth?)',
      'scan_ports(target, ports?)',
      'ping_host(host, count?)',
      'dns_lookup(domain, record_type?)',
      'get_order_details(order_id)',
      'cancel_order(order_id, reason)',
      'find_user_by_email(email)',
      'search_flights(origin, destination, date)',
      'get_reservation(reservation_id)',
      'cancel_reservation(reservation_id)',
      'set_light(room, state)',
      'set_thermostat(temperature, room?)',
      'lock_door(door, locked)',
      'convert_currency(amount, from_currency, to_currency)',
      'convert_units(value, from_unit, to_unit)',
      'calculate(expression)',
    ])
  })

  it.each(EVERY_TOOL)('$id is read without a problem', ({ tool }) => {
    const { tools, problems } = readTools(formatToolText(tool.definition), checkDefinition)
    expect(problems).toEqual([])
    expect(tools.map(({ tool: { definition } }) => definition)).toEqual([tool.definition])
  })

  it.each(EVERY_TOOL)(
    '$id has canned results for values that its schema allows, and a default',
    ({ tool }) => {
      for (const { when, content } of tool.cannedResults) {
        for (const [key, value] of Object.entries(when)) {
          const schema = valueAt(tool.definition, `/parameters/properties/${key}`)
          expect(schema, key).toBeDefined()
          expect(validateValue(schema ?? false, value), key).toEqual([])
        }
        expect(() => JSON.parse(content) as unknown).not.toThrow()
        // Each can be reached.
        expect(chooseCannedResult(tool.cannedResults, when)?.content).toBe(content)
      }
      expect(tool.cannedResults.length).toBeGreaterThan(1)
      expect(tool.cannedResults.at(-1)?.when).toEqual({})
    },
  )

  it.each(PRESETS)(
    '$id shows a call, parallel calls, a question and no call',
    ({ examples, tools }) => {
      const kinds = new Set(examples.map(({ expects }) => expects))
      expect(kinds).toEqual(new Set(['call', 'parallel', 'clarification', 'no-call']))
      expect(new Set(examples.map(({ prompt }) => prompt)).size).toBe(examples.length)
      expect(examples.length).toBeGreaterThanOrEqual(4)
      const readings = tools.map(({ definition }) =>
        readTools(formatToolText(definition), checkDefinition),
      )
      expect(findDuplicateNames(readings).flat()).toEqual([])
    },
  )

  it('are found by id', () => {
    for (const preset of PRESETS) expect(findPreset(preset.id)).toBe(preset)
    expect(findPreset('nothing')).toBeNull()
  })
})
