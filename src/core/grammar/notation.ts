import { assertNever } from '../lib/assert-never.ts'
import { isJsonObject, type JsonValue } from '../lib/json.ts'
import type { ArgumentNotation } from '../formats/call-syntax.ts'
import { spacedJson } from '../formats/spaced-json.ts'
import {
  type Automaton,
  automatonOf,
  difference,
  intersection,
  isNothing,
  textBefore,
} from './automaton.ts'
import { range, union, charsOf, subtract, ANY_CHAR } from './char-set.ts'
import { type Expression, inOrder, literal, oneOf } from './expression.ts'
import type { Encode, GrammarWriter } from './grammar-writer.ts'
import { anyText, chars, type Language, repeat, sequence } from './language.ts'
import { encodeRaw, jsonEncoding, pythonEncoding, pythonString } from './string-encoding.ts'

/** What a text may be, in whichever form was at hand. */
export type TextRule =
  | { readonly type: 'language'; readonly language: Language }
  | { readonly type: 'automaton'; readonly automaton: Automaton }

/** How values are written in one place. */
export type Notation = {
  /** Tells notations apart. */
  readonly id: string
  /** Null when no such text can be written. May throw `TooLargeError`. */
  readonly string: (rule: TextRule, hint: string) => Expression | null
  /** Null when it cannot be written. */
  readonly constant: (value: JsonValue) => Expression | null
  readonly words: { readonly true: string; readonly false: string; readonly null: string }
  readonly list: { readonly open: string; readonly separator: string; readonly close: string }
  readonly object: ObjectNotation
  /** Of values in lists. */
  readonly inner: Notation
}

export type ObjectNotation = {
  readonly id: string
  readonly open: string
  readonly separator: string
  readonly close: string
  /** A key and what stands before its value. */
  readonly key: (name: string) => Expression
  /** Any of the keys. */
  readonly anyKey: (rule: TextRule, hint: string) => Expression
  /** Behind a value. */
  readonly after: string
  readonly value: Notation
}

/** How the arguments as a whole are written. */
export function argumentsNotation(
  notation: ArgumentNotation,
  writer: GrammarWriter,
): ObjectNotation {
  switch (notation.type) {
    case 'json':
      return jsonNotation(writer).object
    case 'python':
      return pythonArguments(writer)
    case 'gemma':
      return { ...gemmaNotation(writer).object, id: 'gemma-arguments', open: '', close: '' }
    case 'tagged':
      return taggedArguments(notation, writer)
    default:
      return assertNever(notation)
  }
}

function jsonNotation(writer: GrammarWriter): Notation {
  const encode = jsonEncoding(writer)
  const quotedText = (rule: TextRule, hint: string) =>
    inOrder([literal('"'), written(writer, { rule, encode, hint }), literal('"')])
  const notation: Notation = {
    id: 'json',
    string: (rule, hint) =>
      isFreeText(rule)
        ? writer.sharedRule('string', () => quotedText(rule, hint))
        : quotedText(rule, hint),
    constant: (value) => literal(spacedJson(value)),
    words: { true: 'true', false: 'false', null: 'null' },
    list: { open: '[', separator: ', ', close: ']' },
    object: {
      id: 'json',
      open: '{',
      separator: ', ',
      close: '}',
      key: (name) => literal(`${JSON.stringify(name)}: `),
      anyKey: (rule, hint) => inOrder([quotedText(rule, hint), literal(': ')]),
      after: '',
      get value() {
        return notation
      },
    },
    get inner() {
      return notation
    },
  }
  return notation
}

const IDENTIFIER: Language = sequence([
  chars(union([range('a', 'z'), range('A', 'Z'), charsOf('_')])),
  repeat(chars(union([range('a', 'z'), range('A', 'Z'), range('0', '9'), charsOf('_')])), 0, 40),
])

function pythonNotation(writer: GrammarWriter): Notation {
  // Both kinds of quotes are Python, and models use both.
  const quotedText = (rule: TextRule, hint: string) =>
    oneOf(
      ['"', "'"].map((quote) =>
        inOrder([
          literal(quote),
          written(writer, { rule, encode: pythonEncoding(quote), hint }),
          literal(quote),
        ]),
      ),
    )
  const notation: Notation = {
    id: 'python',
    string: (rule, hint) =>
      isFreeText(rule)
        ? writer.sharedRule('string', () => quotedText(rule, hint))
        : quotedText(rule, hint),
    constant: (value) =>
      typeof value === 'string'
        ? oneOf([literal(pythonString(value)), literal(pythonString(value, "'"))])
        : literal(pythonText(value)),
    words: { true: 'True', false: 'False', null: 'None' },
    list: { open: '[', separator: ', ', close: ']' },
    object: {
      id: 'python',
      open: '{',
      separator: ', ',
      close: '}',
      key: (name) =>
        inOrder([
          oneOf([literal(pythonString(name)), literal(pythonString(name, "'"))]),
          literal(': '),
        ]),
      anyKey: (rule, hint) => inOrder([quotedText(rule, hint), literal(': ')]),
      after: '',
      get value() {
        return notation
      },
    },
    get inner() {
      return notation
    },
  }
  return notation
}

function pythonArguments(writer: GrammarWriter): ObjectNotation {
  return {
    id: 'python-arguments',
    open: '',
    separator: ', ',
    close: '',
    key: (name) => literal(`${name}=`),
    anyKey: (rule, hint) =>
      inOrder([limited(writer, { rule, within: IDENTIFIER, hint }), literal('=')]),
    after: '',
    value: pythonNotation(writer),
  }
}

const GEMMA_QUOTE = '<escape>'

function gemmaNotation(writer: GrammarWriter): Notation {
  const notation: Notation = {
    id: 'gemma',
    string: (rule, hint) => {
      const inner = textUpTo(writer, { rule, end: GEMMA_QUOTE, hint })
      return inner && inOrder([literal(GEMMA_QUOTE), inner, literal(GEMMA_QUOTE)])
    },
    constant: (value) => {
      const source = gemmaText(value)
      return source === null ? null : literal(source)
    },
    words: { true: 'true', false: 'false', null: 'null' },
    list: { open: '[', separator: ',', close: ']' },
    object: {
      id: 'gemma',
      open: '{',
      separator: ',',
      close: '}',
      key: (name) => literal(`${name}:`),
      anyKey: (rule, hint) =>
        inOrder([limited(writer, { rule, within: IDENTIFIER, hint }), literal(':')]),
      after: '',
      get value() {
        return notation
      },
    },
    get inner() {
      return notation
    },
  }
  return notation
}

function taggedArguments(
  tags: Extract<ArgumentNotation, { readonly type: 'tagged' }>,
  writer: GrammarWriter,
): ObjectNotation {
  const json = jsonNotation(writer)
  const tagText: Language = repeat(chars(subtract(ANY_CHAR, charsOf('<>"\'=&\n'))), 1, 40)
  const value: Notation = {
    ...json,
    id: 'tagged',
    string: (rule, hint) => textUpTo(writer, { rule, end: tags.after, hint }),
    constant: (constant) => {
      if (typeof constant !== 'string') return json.constant(constant)
      return `${constant}${tags.after}`.indexOf(tags.after) === constant.length
        ? literal(constant)
        : null
    },
    inner: json,
  }
  return {
    id: 'tagged-arguments',
    open: '',
    separator: tags.separator,
    close: '',
    key: (name) => literal(tags.before + name + tags.between),
    anyKey: (rule, hint) =>
      inOrder([
        literal(tags.before),
        limited(writer, { rule, within: tagText, hint }),
        literal(tags.between),
      ]),
    after: tags.after,
    value,
  }
}

type Written = { readonly rule: TextRule; readonly encode: Encode; readonly hint: string }

function written(writer: GrammarWriter, { rule, encode, hint }: Written): Expression {
  return rule.type === 'language'
    ? writer.language(rule.language, encode)
    : writer.automaton(rule.automaton, { encode, hint })
}

function toAutomaton(rule: TextRule): Automaton {
  return rule.type === 'automaton' ? rule.automaton : automatonOf(rule.language)
}

/** Text as it stands, of which `end` marks the end. */
function textUpTo(
  writer: GrammarWriter,
  { rule, end, hint }: { readonly rule: TextRule; readonly end: string; readonly hint: string },
): Expression | null {
  if (isFreeText(rule)) {
    return writer.sharedRule('text-value', () =>
      writer.automaton(textBefore(end), { encode: encodeRaw, hint: 'text-value' }),
    )
  }
  const automaton = intersection(toAutomaton(rule), textBefore(end))
  return isNothing(automaton) ? null : writer.automaton(automaton, { encode: encodeRaw, hint })
}

/** Keys where they stand without quotes. */
function limited(
  writer: GrammarWriter,
  {
    rule,
    within,
    hint,
  }: { readonly rule: TextRule; readonly within: Language; readonly hint: string },
): Expression {
  if (isFreeText(rule)) return writer.language(within, encodeRaw)
  const automaton = intersection(toAutomaton(rule), automatonOf(within))
  return writer.automaton(automaton, { encode: encodeRaw, hint })
}

const FREE_TEXT = anyText()

export const FREE_TEXT_RULE: TextRule = { type: 'language', language: FREE_TEXT }

function isFreeText(rule: TextRule): boolean {
  return rule === FREE_TEXT_RULE
}

/** Every text but these. */
export function otherTexts(texts: readonly string[]): TextRule {
  if (texts.length === 0) return FREE_TEXT_RULE
  const listed: Language = {
    type: 'choice',
    options: texts.map((each) => sequence(Array.from(each, (char) => chars(charsOf(char))))),
  }
  return { type: 'automaton', automaton: difference(automatonOf(FREE_TEXT), automatonOf(listed)) }
}

function pythonText(value: JsonValue): string {
  if (typeof value === 'string') return pythonString(value)
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(pythonText).join(', ')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, entry]) => `${pythonString(key)}: ${pythonText(entry)}`)
    .join(', ')}}`
}

function gemmaText(value: JsonValue): string | null {
  if (typeof value === 'string')
    return value.includes(GEMMA_QUOTE) ? null : GEMMA_QUOTE + value + GEMMA_QUOTE
  if (Array.isArray(value)) {
    const items = value.map(gemmaText)
    return items.includes(null) ? null : `[${items.join(',')}]`
  }
  if (!isJsonObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, entry]) => [key, gemmaText(entry)] as const)
  return entries.some(([, entry]) => entry === null)
    ? null
    : `{${entries.map(([key, entry]) => `${key}:${entry}`).join(',')}}`
}
