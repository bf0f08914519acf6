import {
  CompletionItemKind,
  getLanguageService,
  TextDocument,
  type CompletionItem,
  type Diagnostic,
  type JSONDocument,
  type JSONSchema,
  type LanguageService,
  type Range,
} from 'vscode-json-languageservice'
import { assertNever } from '../../../core/lib/assert-never.ts'
import type { JsonObject } from '../../../core/lib/json.ts'
import type { Span } from '../../../core/lib/span.ts'
import type {
  JsonAnswers,
  JsonCompletion,
  JsonKind,
  JsonLanguageRequest,
  JsonLanguageResponse,
  JsonQuestion,
} from './json-language-protocol.ts'

const ERROR_SEVERITY = 1
const INDENT = { tabSize: 2, insertSpaces: true }

const FILE_NAMES: Readonly<Record<JsonKind, string>> = {
  tool: 'callground:///text.tool.json',
  json: 'callground:///text.json',
}

/** The worker half: answers questions about JSON texts. Keeps nothing between them but the schemas. */
export function createJsonLanguageServer(toolSchema: JsonObject) {
  const service = getLanguageService({ promiseConstructor: Promise })
  service.configure({
    validate: true,
    allowComments: false,
    schemas: [
      {
        uri: 'callground:///tool.schema.json',
        fileMatch: ['*.tool.json'],
        // A JSON object is a JSON Schema as far as types go: unknown keywords are allowed in both.
        schema: toolSchema as JSONSchema,
      },
    ],
  })
  return async ({ id, question }: JsonLanguageRequest): Promise<JsonLanguageResponse> => {
    try {
      return { id, ok: true, answer: await answer(service, question) }
    } catch (error) {
      return { id, ok: false, detail: error instanceof Error ? error.message : String(error) }
    }
  }
}

async function answer(
  service: LanguageService,
  question: JsonQuestion,
): Promise<JsonAnswers[keyof JsonAnswers]> {
  const document = TextDocument.create(FILE_NAMES[question.kind], 'json', 0, question.text)
  const json = service.parseJSONDocument(document)
  switch (question.type) {
    case 'validate':
      return validate(service, document, json)
    case 'complete': {
      const position = document.positionAt(question.offset)
      const list = await service.doComplete(document, position, json)
      return (list?.items ?? []).flatMap((item) => completion(document, item))
    }
    case 'hover': {
      const hover = await service.doHover(document, document.positionAt(question.offset), json)
      const text = hover ? plainText(hover.contents) : ''
      if (!hover?.range || text === '') return null
      return { span: spanOf(document, hover.range), text }
    }
    case 'format':
      return service.format(document, undefined, INDENT).map((edit) => ({
        span: spanOf(document, edit.range),
        text: edit.newText,
      }))
    default:
      return assertNever(question)
  }
}

async function validate(
  service: LanguageService,
  document: TextDocument,
  json: JSONDocument,
): Promise<JsonAnswers['validate']> {
  const found = await service.doValidation(document, json, {
    comments: 'error',
    trailingCommas: 'error',
    schemaValidation: 'warning',
  })
  return found.map((diagnostic) => ({
    severity: diagnostic.severity === ERROR_SEVERITY ? 'error' : 'warning',
    message: plainMessage(diagnostic.message),
    span: spanOf(document, diagnostic.range),
  }))
}

function completion(document: TextDocument, item: CompletionItem): readonly JsonCompletion[] {
  const edit = item.textEdit
  if (!edit || !('range' in edit)) return []
  const span = spanOf(document, edit.range)
  return [
    {
      label: item.label,
      detail: item.detail ?? '',
      documentation: plainText(item.documentation),
      kind: kindOf(item),
      span,
      snippet: withValue(item, document.getText().slice(span.end)),
    },
  ]
}

/** The service writes a key alone when its schema does not say the type in so many words. */
function withValue(item: CompletionItem, after: string): string {
  const text = item.textEdit?.newText ?? ''
  const isKeyAlone =
    item.kind === CompletionItemKind.Property && text === JSON.stringify(item.label)
  return isKeyAlone && !/^\s*:/.test(after) ? `${text}: $1` : text
}

function kindOf(item: CompletionItem): JsonCompletion['kind'] {
  if (item.kind === CompletionItemKind.Property) return 'key'
  return item.textEdit?.newText.includes('\n') ? 'snippet' : 'value'
}

function spanOf(document: TextDocument, range: Range): Span {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) }
}

function plainMessage(message: Diagnostic['message']): string {
  return typeof message === 'string' ? message : message.value
}

/** The service writes Markdown with every sign escaped, whatever it is asked for. */
function plainText(contents: unknown): string {
  if (contents === undefined || contents === null) return ''
  if (typeof contents === 'string') {
    return contents
      .replaceAll('&nbsp;', ' ')
      .replaceAll(/\\(\W)/g, '$1')
      .trim()
  }
  if (Array.isArray(contents)) return contents.map(plainText).join('\n\n').trim()
  if (typeof contents === 'object' && 'value' in contents) return plainText(contents.value)
  return ''
}
