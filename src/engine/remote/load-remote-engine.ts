import { err, ok, type Result } from '../../core/lib/result.ts'
import { askServer } from '../ask-server.ts'
import type { Capabilities } from '../capabilities.ts'
import type { Endpoint, ServerKind } from '../endpoint.ts'
import type { Engine, EngineError, EngineInfo, RemoteLoadRequest } from '../engine.ts'
import { failure } from './http.ts'
import { createRemoteEngine } from './remote-engine.ts'

/** vLLM's own default for `--max-logprobs` is 20, of OpenAI's completions API 5. */
const MOST_ALTERNATIVES: Readonly<Record<ServerKind, number>> = {
  vllm: 5,
  'llama-server': 10,
  ollama: 0,
  'lm-studio': 0,
  other: 0,
}

/** Asks the server whether it is there and has the model; nothing is loaded. */
export async function loadRemoteEngine(
  { endpoint, template }: RemoteLoadRequest,
  signal: AbortSignal,
): Promise<Result<Engine, EngineError>> {
  const facts = await askServer(endpoint, signal)
  if (!facts.ok) return facts
  const { server, models } = facts.value
  const model = models.find(({ id }) => id === endpoint.model)
  if (!model) {
    const known = { ...endpoint, kind: server }
    return err(failure(known, { type: 'no-such-model', model: endpoint.model }))
  }
  const { chatTemplate, bosToken, eosToken } = template ?? facts.value.template ?? NO_TEMPLATE
  const contextLength = model.contextLength ?? 0
  const info: EngineInfo = {
    engine: 'remote',
    modelName: endpoint.model,
    backend: {
      type: 'server',
      server,
      host: new URL(endpoint.baseUrl).host,
      mode: endpoint.mode,
    },
    contextLength,
    trainedContextLength: contextLength,
    yarn: null,
    cacheType: 'f16',
    cacheShape: { elementsPerToken: 0, types: ['f16'] },
    chatTemplate,
    bosToken,
    eosToken,
    addsBos: server !== 'vllm',
    sizeBytes: 0,
    architecture: '',
  }
  const capabilities = capabilitiesOf(server, endpoint)
  return ok(createRemoteEngine({ endpoint, server, info, capabilities }))
}

const NO_TEMPLATE = { chatTemplate: null, bosToken: '', eosToken: '' }

function capabilitiesOf(server: ServerKind, { mode }: Endpoint): Capabilities {
  const isKnown = server === 'vllm' || server === 'llama-server'
  const hasSamplers = isKnown || server === 'lm-studio'
  const isRaw = mode === 'raw'
  return {
    topK: hasSamplers,
    minP: hasSamplers,
    repeatPenalty: hasSamplers,
    prefillProgress: isRaw && isKnown,
    prefixCache: isKnown,
    threads: false,
    gpuLayers: false,
    constraint: isRaw && isKnown,
    alternatives: isRaw ? MOST_ALTERNATIVES[server] : 0,
    modelProbabilities: true,
    cacheTypes: false,
    yarn: false,
    chat: isRaw ? 'beside-text' : 'only',
    loadOptions: false,
  }
}
