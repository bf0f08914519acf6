/**
 * Turns a snippet of the Language Server Protocol (`$1`, `${1:default}`, escapes with a backslash) into CodeMirror's
 * (`${1:default}`, where only braces are escaped).
 *
 * https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#snippet_syntax
 */
export function toCodeMirrorSnippet(snippet: string): string {
  let out = ''
  let index = 0
  while (index < snippet.length) {
    const rest = snippet.slice(index)
    const escape = /^\\([\\$}])/.exec(rest)
    const stop = /^\$(?:(\d+)|\{(\d+)(?::((?:\\[\\$}]|[^\\}])*))?\})/.exec(rest)
    if (escape) {
      out += literal(escape[1] ?? '')
      index += escape[0].length
    } else if (stop) {
      out += field(stop[1] ?? stop[2] ?? '0', unescape(stop[3] ?? ''))
      index += stop[0].length
    } else {
      out += literal(snippet.charAt(index))
      index += 1
    }
  }
  return out
}

function field(number: string, value: string): string {
  // A field's default cannot hold braces or lines there: then the text stands, with the stop after it.
  if (/[{}\n]/.test(value)) return `${literal(value)}\${${number}}`
  return value === '' ? `\${${number}}` : `\${${number}:${value}}`
}

function literal(text: string): string {
  return text.replaceAll(/[{}]/g, '\\$&')
}

function unescape(text: string): string {
  return text.replaceAll(/\\([\\$}])/g, '$1')
}
