import { isJsonObject } from '../core/lib/json.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import type { ServedModel, ServerFacts, ServerKind } from './endpoint.ts'
import type { EngineError } from './engine.ts'
import { askJson, failure, type Server } from './remote/http.ts'

const TIMEOUT_MS = 10_000

/**
 * Asks a server for its models, and so what kind it is: `owned_by` of `/v1/models` names vLLM and llama.cpp, Ollama and LM
 * Studio by paths of their own.
 */
export async function askServer(
  endpoint: { readonly baseUrl: string; readonly key: string | null },
  signal: AbortSignal,
): Promise<Result<ServerFacts, EngineError>> {
  const server: Server = { ...endpoint, kind: 'other', model: '' }
  const get = (path: string) => askJson(server, { path, timeoutMs: TIMEOUT_MS }, signal)
  const answer = await get('/models')
  if (!answer.ok) return answer
  const entries = isJsonObject(answer.value) ? answer.value['data'] : null
  if (!Array.isArray(entries)) {
    return err(
      failure(server, { type: 'not-openai', detail: 'GET /models gives no list of models' }),
    )
  }
  const owners = new Set(entries.map((entry) => (isJsonObject(entry) ? entry['owned_by'] : null)))
  const kind = kindByOwner(owners)
  const models = entries.flatMap((entry) => readModel(entry))
  if (kind !== 'llama-server') return ok({ server: kind, models, template: null })
  const props = await get('../props')
  if (!props.ok) return ok({ server: kind, models, template: null })
  return ok({ server: kind, ...readProps(props.value, models) })
}

function kindByOwner(owners: ReadonlySet<unknown>): ServerKind {
  if (owners.has('vllm')) return 'vllm'
  if (owners.has('llamacpp')) return 'llama-server'
  if (owners.has('library')) return 'ollama'
  return owners.has('organization_owner') ? 'lm-studio' : 'other'
}

function readModel(entry: unknown): readonly ServedModel[] {
  if (!isJsonObject(entry) || typeof entry['id'] !== 'string') return []
  const length = entry['max_model_len']
  return [{ id: entry['id'], contextLength: typeof length === 'number' ? length : null }]
}

/** llama-server has one model, and tells how it was loaded. */
function readProps(
  value: unknown,
  models: readonly ServedModel[],
): Pick<ServerFacts, 'models' | 'template'> {
  const props = isJsonObject(value) ? value : {}
  const settings = props['default_generation_settings']
  const length = isJsonObject(settings) ? settings['n_ctx'] : null
  const contextLength = typeof length === 'number' ? length : null
  const text = (key: string) => (typeof props[key] === 'string' ? props[key] : '')
  const chatTemplate = text('chat_template')
  return {
    models: models.map((model) => ({ ...model, contextLength })),
    template:
      chatTemplate === ''
        ? null
        : { chatTemplate, bosToken: text('bos_token'), eosToken: text('eos_token') },
  }
}
