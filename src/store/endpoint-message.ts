import { assertNever } from '../core/lib/assert-never.ts'
import type { EndpointFailure, ServerKind } from '../engine/endpoint.ts'
import type { UserMessage } from './state.ts'

/** What the user reads when a server did not do what it was asked. */
export function endpointMessage(failure: EndpointFailure): UserMessage {
  const { host } = failure
  switch (failure.type) {
    case 'cors':
      return {
        title: failure.isCertain
          ? `${host} is there, but does not let this page read its answers (CORS)`
          : `${host} gave no answer that this page may read`,
        advice: `${failure.isCertain ? '' : 'It may not be running, or not at this address. If it is: '}Allow ${failure.origin} on the server. ${corsAdvice(failure.server, failure.origin)}`,
      }
    case 'mixed-content':
      return {
        title: `This page came by https, so the browser lets it ask no http host such as ${host}`,
        advice:
          'Give the server https (a reverse proxy or a tunnel), use http://localhost on the same machine, or open Callground itself by http.',
      }
    case 'offline':
      return {
        title: 'This machine is offline',
        advice: `Connect to the network of ${host} and try again. Built-in and stored models run without one.`,
      }
    case 'unauthorized':
      return {
        title: failure.hadKey
          ? `${host} does not accept the key (${failure.status})`
          : `${host} wants a key (${failure.status})`,
        advice:
          'Enter the key that the server was started with (for vLLM: --api-key) in Models, Server.',
      }
    case 'no-such-model':
      return {
        title: `${host} does not have the model ${failure.model}`,
        advice:
          'Choose one of its list in Models, Server; vLLM may give it another name (--served-model-name).',
      }
    case 'no-such-path':
      return {
        title: `${host} has no ${failure.path} at this address (404)`,
        advice:
          'The address usually ends in /v1. Raw mode needs /completions, chat mode /chat/completions.',
      }
    case 'rate-limited':
      return {
        title: `${host} has had too many requests (429)`,
        advice:
          failure.retryAfterSeconds === null
            ? 'Wait a little, then answer again.'
            : `It asks to wait ${failure.retryAfterSeconds} seconds. Then answer again.`,
      }
    case 'timeout':
      return {
        title: `${host} said nothing for ${failure.seconds} seconds`,
        advice:
          'It may be busy or hang. What has arrived is kept; look at the server, then answer again.',
      }
    case 'cut-off':
      return {
        title: `The connection to ${host} broke before the answer was over`,
        advice:
          `What has arrived is kept. Check that the server still runs, then answer again. ${quoted(failure.detail)}`.trim(),
      }
    case 'refused':
      return {
        title: `${host} refused the request (${failure.status})`,
        advice:
          `${failure.status >= 500 ? 'Look at the log of the server.' : 'It may not know an option that was sent, or the model’s template may not take tools.'} ${quoted(failure.detail)}`.trim(),
      }
    case 'failed-midway':
      return {
        title: `${host} failed in the middle of the answer`,
        advice:
          `What has arrived is kept. Look at the log of the server. ${quoted(failure.detail)}`.trim(),
      }
    case 'not-openai':
      return {
        title: `${host} does not speak the OpenAI API at this address`,
        advice: `The address usually ends in /v1. ${quoted(failure.detail)}`.trim(),
      }
    default:
      return assertNever(failure)
  }
}

function corsAdvice(server: ServerKind, origin: string): string {
  const vllm = `vLLM: --allowed-origins '["${origin}"]'`
  const ollama = `Ollama: OLLAMA_ORIGINS=${origin}`
  const llama = 'llama-server: its default allows every origin, so look for a proxy in between'
  const studio = 'LM Studio: Developer, Server settings, Enable CORS'
  switch (server) {
    case 'vllm':
      return `${vllm}.`
    case 'ollama':
      return `${ollama}.`
    case 'llama-server':
      return `${llama}.`
    case 'lm-studio':
      return `${studio}.`
    case 'other':
      return `${vllm}. ${ollama}. ${studio}. ${llama}.`
    default:
      return assertNever(server)
  }
}

function quoted(text: string): string {
  return text === '' ? '' : `(${text})`
}
