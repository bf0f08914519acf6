import { snippet } from '@codemirror/autocomplete'
import { EditorState, type Transaction } from '@codemirror/state'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCodeMirrorSnippet } from './snippet.ts'

/** What CodeMirror inserts for an LSP snippet. */
function inserted(lsp: string): string {
  let state = EditorState.create({ doc: '' })
  const dispatch = (transaction: Transaction) => {
    state = transaction.state
  }
  snippet(toCodeMirrorSnippet(lsp))({ state, dispatch }, null, 0, 0)
  return state.doc.toString()
}

describe('toCodeMirrorSnippet', () => {
  it.each([
    ['"name": "$1"', '"name": "${1}"'],
    ['"type": "${1:object}"', '"type": "${1:object}"'],
    ['"parameters": {$1}', '"parameters": \\{${1}\\}'],
    ['"a": ${1:1.5},$0', '"a": ${1:1.5},${0}'],
  ])('%s', (lsp, codeMirror) => {
    expect(toCodeMirrorSnippet(lsp)).toBe(codeMirror)
  })

  it('keeps an escaped dollar, brace and backslash as text', () => {
    expect(inserted('"\\$1": \\} \\\\ "${1:a\\}b}"')).toBe('"$1": } \\ "a}b"')
  })

  it('inserts any escaped text as it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('$', '{', '}', '\\', '#', '1', ':', 'a') }),
        (text) => {
          expect(inserted(text.replaceAll(/[\\$}]/g, '\\$&'))).toBe(text)
        },
      ),
    )
  })
})
