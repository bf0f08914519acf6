import type { ModelRecord } from '@mlc-ai/web-llm'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type {
  Engine,
  EngineError,
  EngineInfo,
  LoadProgress,
  LoadRequest,
  WebllmLoadRequest,
} from '../engine.ts'
import { adapterSource, readWebllmSupport, type WebllmSupport } from '../webllm-support.ts'
import { identityOptions } from './identity-template.ts'
import { loadProgress } from './load-progress.ts'
import { createTokenCounter } from './token-counter.ts'
import { watchDevices, type DeviceSource } from './watch-device.ts'
import { createWebllmEngine } from './webllm-engine.ts'
import { webllmError } from './webllm-error.ts'

/** Loads a model with WebLLM, whose code is fetched only when the GPU can run it. Runs in the engine's worker. */
export async function loadWebllmEngine(
  request: LoadRequest,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<Result<Engine, EngineError>> {
  if (request.engine !== 'webllm') {
    return err({ kind: 'unsupported', detail: 'This worker loads MLC models only.' })
  }
  onProgress({ phase: 'engine' })
  const { model } = request
  const gpu = adapterSource()
  const support = await readWebllmSupport(gpu)
  if (support.type === 'none') return err({ kind: 'unsupported', detail: support.why })
  if (model.needsShaderF16 && !support.hasShaderF16) {
    const detail =
      'It computes in 16-bit floats, and the graphics card has no shader-f16. Take the build with q4f32 in its name.'
    return err({ kind: 'unsupported', detail })
  }
  const watch = watchDevices(gpu as unknown as DeviceSource)
  const info = describe(request, support)
  try {
    const { MLCEngine } = await import('@mlc-ai/web-llm')
    const mlc = new MLCEngine({
      appConfig: { model_list: [modelRecord(model)], cacheBackend: 'cache' },
      initProgressCallback(report) {
        const progress = loadProgress(report, model.sizeBytes)
        if (progress) onProgress(progress)
      },
      logLevel: 'SILENT',
    })
    // A load is stopped by unloading; it then ends as if nothing had been wrong.
    signal.addEventListener('abort', () => void mlc.unload())
    const stopped = AbortSignal.any([signal, watch.lost])
    const options = identityOptions(model.config.stopTokenIds, info.contextLength)
    await Promise.race([mlc.reload(model.name, options), rejectOn(stopped)])
    if (signal.aborted) return err({ kind: 'aborted' })
    const countTokens = createTokenCounter(model)
    return ok(
      closing(createWebllmEngine({ mlc, info, countTokens, deviceLost: watch.lost }), watch.close),
    )
  } catch (thrown) {
    if (signal.aborted) return err({ kind: 'aborted' })
    return err(watch.lost.aborted ? (watch.lost.reason as EngineError) : webllmError(thrown))
  }
}

function modelRecord({ name, modelUrl, libraryUrl }: WebllmLoadRequest['model']): ModelRecord {
  return { model: modelUrl, model_id: name, model_lib: libraryUrl }
}

function describe(
  { model, options }: WebllmLoadRequest,
  support: Extract<WebllmSupport, { readonly type: 'usable' }>,
): EngineInfo {
  const { config } = model
  const layers = config.layers ?? 0
  return {
    engine: 'webllm',
    modelName: model.name,
    backend: { type: 'webgpu', adapter: support.adapter, layers, totalLayers: layers },
    contextLength: Math.min(options.contextLength, config.contextLength),
    trainedContextLength: config.contextLength,
    yarn: null,
    cacheType: 'f16',
    cacheShape: { elementsPerToken: 0, types: ['f16'] },
    chatTemplate: model.chatTemplate,
    bosToken: model.bosToken,
    eosToken: model.eosToken,
    addsBos: false,
    sizeBytes: model.sizeBytes,
    architecture: config.architecture,
  }
}

function closing(engine: Engine, close: () => void): Engine {
  return {
    ...engine,
    unload() {
      close()
      return engine.unload()
    },
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(new Error('The load was stopped.'))
    if (signal.aborted) fail()
    signal.addEventListener('abort', fail, { once: true })
  })
}
