import { describe, expect, it } from 'vitest'
import { violation } from './layers.mjs'

describe('violation', () => {
  it.each([
    ['core/formats/xlam.ts', '../lib/result.ts'],
    ['core/template/render.ts', '@huggingface/jinja'],
    ['engine/wllama/wllama-engine.ts', '../engine.ts'],
    ['engine/wllama/wllama-engine.ts', '@wllama/wllama/esm/wasm/wllama.wasm?url'],
    ['session/run-turn.ts', '../core/chat/message.ts'],
    ['store/store.ts', '../engine/create-engine.ts'],
    ['ui/chat/composer.tsx', '../kit/button.tsx'],
    ['ui/chat/composer.tsx', '../use-app-store.ts'],
    ['ui/chat/composer.tsx', './message-list.tsx'],
    ['ui/app.tsx', './chat/chat-pane.tsx'],
    ['ui/chat/composer.tsx', 'react/jsx-runtime'],
    ['main.tsx', './engine/wllama/wllama-engine.ts'],
  ])('%s may import %s', (from, specifier) => {
    expect(violation(from, specifier)).toBeNull()
  })

  it.each([
    ['core/lib/result.ts', '../../store/store.ts', 'core may not import store'],
    ['core/lib/result.ts', 'react', 'core may not import the package react'],
    ['core/lib/result.ts', 'node:fs', 'core may not import the package node:fs'],
    ['core/lib/result.ts', '../../main.tsx', 'core may not import main.tsx'],
    ['core/lib/result.ts', '../../../scripts/x.mjs', 'core may not import ../scripts/x.mjs'],
    ['engine/engine.ts', '../hub/catalog.ts', 'engine may not import hub'],
    ['engine/engine.ts', 'zustand', 'engine may not import the package zustand'],
    ['session/run-turn.ts', '../store/store.ts', 'session may not import store'],
    ['session/run-turn.ts', 'idb', 'session may not import the package idb'],
    ['store/store.ts', '../ui/app.tsx', 'store may not import ui'],
    ['store/store.ts', 'react', 'store may not import the package react'],
    ['store/store.ts', '../engine/wllama/log.ts', 'engine/wllama/log.ts is private to engine'],
    ['ui/app.tsx', '../engine/engine.ts', 'ui may not import engine'],
    ['ui/app.tsx', '../session/run-turn.ts', 'ui may not import session'],
    ['ui/app.tsx', '@wllama/wllama', 'ui may not import the package @wllama/wllama'],
    [
      'ui/chat/composer.tsx',
      '../tools/tool-list.tsx',
      'the ui feature chat may not import the feature tools',
    ],
  ])('%s may not import %s', (from, specifier, reason) => {
    expect(violation(from, specifier)).toBe(reason)
  })
})
