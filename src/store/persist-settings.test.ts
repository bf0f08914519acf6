import { describe, expect, it } from 'vitest'
import type { KeyValues } from './deps.ts'
import { readForeignChange, readSavedSettings, writeChangedSettings } from './persist-settings.ts'
import { recommendedSettings } from './recommended-settings.ts'
import type { AppState } from './state.ts'

function memory(
  values: Map<string, string> = new Map(),
): KeyValues & { readonly values: Map<string, string> } {
  return {
    values,
    read: (key) => values.get(key) ?? null,
    write: (key, value) => {
      if (value === null) values.delete(key)
      else values.set(key, value)
      return true
    },
    subscribe: () => () => undefined,
  }
}

const { sampling } = recommendedSettings({ name: 'x', trainedContextLength: null })
const before = {
  theme: 'system',
  automatic: false,
  settingsByModel: {},
  composerText: '',
} as AppState

describe('saved settings', () => {
  it('writes only what changed, each under its own key', () => {
    const store = memory()
    writeChangedSettings(store, { ...before, theme: 'dark', composerText: 'hi' }, before)
    expect([...store.values.keys()].toSorted()).toEqual([
      'callground:composerText',
      'callground:theme',
    ])
    expect(store.read('callground:theme')).toBe('dark')
    expect(readSavedSettings(store)).toEqual({ theme: 'dark', composerText: 'hi' })
  })

  it("keeps another tab's change to another model", () => {
    const store = memory()
    const a = { sampling: { ...sampling, temperature: 0.5 } }
    const b = { keepInstruction: false }
    writeChangedSettings(store, { ...before, settingsByModel: { a } }, before)
    writeChangedSettings(store, { ...before, settingsByModel: { b } }, before)
    expect(readSavedSettings(store).settingsByModel).toEqual({ a, b })
    writeChangedSettings(
      store,
      { ...before, settingsByModel: {} },
      { ...before, settingsByModel: { a } },
    )
    expect(readSavedSettings(store).settingsByModel).toEqual({ b })
  })

  it('reads load options of the version before the cache type and YaRN, and broken ones', () => {
    const old = { contextLength: 4096, threads: 2, gpuLayers: null }
    const yarn = { factor: 4, originalContext: 32_768 }
    const saved = {
      old: { load: old },
      both: { load: { ...old, cacheType: 'q8_0', yarn } },
      broken: { load: { ...old, cacheType: 'q1', yarn: { factor: '4', originalContext: 0 } } },
    }
    const store = memory(
      new Map([['callground:settingsByModel', JSON.stringify({ version: 1, value: saved })]]),
    )
    const defaults = { ...old, cacheType: 'f16', yarn: null }
    expect(readSavedSettings(store).settingsByModel).toEqual({
      old: { load: defaults },
      both: saved.both,
      broken: { load: defaults },
    })
  })

  it('leaves out what it cannot read', () => {
    const entry = (value: unknown) => JSON.stringify({ version: 1, value })
    const store = memory(
      new Map([
        ['callground:theme', 'pink'],
        ['callground:automatic', entry('yes')],
        ['callground:maxSteps', '{'],
        ['callground:paneSizes', entry({ tools: 25, chat: 'wide' })],
        ['callground:inspectorTab', JSON.stringify({ version: 99, value: 'raw' })],
        [
          'callground:settingsByModel',
          entry({ m: { sampling: { temperature: 'hot', topK: 7 }, format: 'toml' } }),
        ],
      ]),
    )
    expect(readSavedSettings(store)).toEqual({
      paneSizes: { tools: 25 },
      settingsByModel: { m: { sampling: { ...sampling, topK: 7 } } },
    })
  })

  it("follows another tab's settings, but not its drafts", () => {
    expect(readForeignChange('callground:theme', 'light')).toEqual({ theme: 'light' })
    expect(readForeignChange('callground:composerText', '{"version":1,"value":"x"}')).toBeNull()
    expect(readForeignChange('other', 'x')).toBeNull()
  })
})
