import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

// Tooltips hang on the page's body, so nothing is inherited there.
const SANS = "'Plex Sans', ui-sans-serif, system-ui, sans-serif"
const MONO = "'Plex Mono', ui-monospace, monospace"

// Only tokens of theme.css: the same rules are the light and the dark theme.
const theme = EditorView.theme({
  // Not for the container of the tooltips, which has the theme's class too.
  '&.cm-editor': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--surface)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '8px 0' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-placeholder': { color: 'var(--ink-faint)' },
  '.cm-cursor, .cm-dropCursor': { borderLeft: '2px solid var(--accent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'var(--accent-soft)' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': {
    backgroundColor: 'color-mix(in srgb, var(--sunken) 70%, transparent)',
  },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    color: 'var(--ink-faint)',
    border: 'none',
    fontSize: '11px',
  },
  '.cm-lineNumbers .cm-gutterElement': {
    minWidth: '28px',
    padding: '0 6px 0 8px',
  },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--ink-muted)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--accent-soft)',
    outline: '1px solid var(--accent)',
    borderRadius: '2px',
  },
  '&.cm-focused .cm-nonmatchingBracket': {
    backgroundColor: 'var(--bad-soft)',
    outline: '1px solid var(--bad)',
    borderRadius: '2px',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--mark)', borderRadius: '2px' },
  '.cm-searchMatch-selected': { outline: '1.5px solid var(--accent)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--accent-soft)' },
  '.cm-snippetField': { backgroundColor: 'var(--accent-soft)', borderRadius: '2px' },

  '.cm-lintRange-error, .cm-lintRange-warning': {
    backgroundImage: 'none',
    paddingBottom: '0',
    textDecorationLine: 'underline',
    textDecorationStyle: 'wavy',
    textDecorationThickness: '1px',
    textUnderlineOffset: '3px',
    textDecorationSkipInk: 'none',
  },
  '.cm-lintRange-error': { textDecorationColor: 'var(--bad)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--warn)' },
  '.cm-lintPoint::after': { borderBottomColor: 'var(--bad)' },
  '.cm-lintPoint-warning::after': { borderBottomColor: 'var(--warn)' },

  '.cm-tooltip': {
    zIndex: '50',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    backgroundColor: 'var(--raised)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow)',
    fontFamily: SANS,
    fontSize: '12px',
  },
  '.cm-tooltip .cm-doc': { maxWidth: '320px', padding: '6px 10px', whiteSpace: 'pre-wrap' },
  '.cm-tooltip.cm-completionInfo': {
    maxWidth: '300px',
    padding: '6px 10px',
    whiteSpace: 'pre-wrap',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: MONO,
    maxHeight: '14em',
    minWidth: '180px',
    padding: '4px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    gap: '12px',
    alignItems: 'baseline',
    padding: '3px 8px',
    borderRadius: '5px',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--ink)',
  },
  '.cm-completionLabel': { flex: '1' },
  '.cm-completionMatchedText': {
    textDecoration: 'none',
    fontWeight: '600',
    color: 'var(--accent)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', color: 'var(--ink-muted)', margin: '0' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeft: 'none', maxWidth: '360px' },
  '.cm-diagnostic-error': { color: 'var(--bad)' },
  '.cm-diagnostic-warning': { color: 'var(--warn)' },
  '.cm-tooltip-section:not(:first-child)': { borderTop: '1px solid var(--line)' },

  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--ink)' },
  '.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panel.cm-search': { fontFamily: SANS, padding: '6px 28px 6px 8px', fontSize: '12px' },
  '.cm-panel.cm-search label': { fontSize: '12px', color: 'var(--ink-muted)' },
  '.cm-panel.cm-search [name=close]': {
    fontSize: '16px',
    padding: '0 8px',
    color: 'var(--ink-muted)',
  },
  '.cm-textfield': {
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    padding: '2px 6px',
    fontSize: '12px',
  },
  '.cm-button': {
    border: '1px solid var(--line)',
    borderRadius: '6px',
    backgroundImage: 'none',
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    padding: '2px 8px',
    fontSize: '12px',
  },
})

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--ink)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: tags.number, color: 'var(--info)' },
  { tag: [tags.bool, tags.null], color: 'var(--warn)' },
  { tag: [tags.separator, tags.brace, tags.squareBracket], color: 'var(--ink-faint)' },
  { tag: tags.invalid, color: 'var(--bad)' },
])

export const editorTheme: Extension = [theme, syntaxHighlighting(colours)]
