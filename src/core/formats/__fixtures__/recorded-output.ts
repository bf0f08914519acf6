import type { JsonValue } from '../../lib/json.ts'
import type { CallProblem, FormatId } from '../format.ts'

/** What should be read from an output, part by part. */
export type ExpectedPart =
  | string
  | { readonly reasoning: string }
  | { readonly call: string; readonly arguments: JsonValue }
  | { readonly cutOff: string | null; readonly argumentsText?: string }
  | {
      readonly invalid: string | null
      readonly kind: CallProblem['kind']
      /** The text that the problem's offset points at. */
      readonly at: string
      readonly expected?: string
      readonly found?: string
      /** The text of the call's span. */
      readonly span: string
    }

export type RecordedOutput = {
  readonly name: string
  readonly formats: readonly FormatId[]
  readonly output: string
  readonly startsInReasoning?: true
  readonly parts: readonly ExpectedPart[]
}

export const XLAM: readonly FormatId[] = ['xlam']
export const HERMES: readonly FormatId[] = ['hermes']
export const LLAMA: readonly FormatId[] = ['llama-json']
export const BARE: readonly FormatId[] = ['xlam', 'llama-json']
export const TAGGED: readonly FormatId[] = ['xlam', 'hermes']
export const ALL: readonly FormatId[] = ['xlam', 'hermes', 'llama-json']

export const PING = '{"name": "ping_host", "arguments": {"host": "example.com"}}'
export const DNS =
  '{"name": "dns_lookup", "arguments": {"domain": "example.com", "record_type": "MX"}}'
export const ping = { call: 'ping_host', arguments: { host: 'example.com' } } as const
export const dns = {
  call: 'dns_lookup',
  arguments: { domain: 'example.com', record_type: 'MX' },
} as const
export const F_OPEN = '{"name": "f", "arguments": '
