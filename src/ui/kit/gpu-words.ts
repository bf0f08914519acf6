import { assertNever } from '../../core/lib/assert-never.ts'
import type { selectBackendForecast } from '../../store/backend-forecast.ts'
import type { ModelSlice } from '../../store/state.ts'
import { formatBytes } from './quantities.ts'

type Forecast = NonNullable<ReturnType<typeof selectBackendForecast>>
type Machine = NonNullable<ModelSlice['machine']>
type Gpu = Machine['gpu']
type Backend = NonNullable<ModelSlice['engineInfo']>['backend']
type SelfTest = NonNullable<Extract<Backend, { type: 'cpu' | 'webgpu' }>['selfTest']>

/** Where a model will compute, and why: said before it is loaded. */
export function forecastSentence(plan: Forecast): string {
  if (plan.type === 'cpu') return `Will run on the CPU with ${threadsOf(plan)}: ${cpuReason(plan)}.`
  const { adapter, layers, totalLayers, obstacle } = plan
  if (obstacle) {
    const { subject, neededBytes, limitBytes } = obstacle
    return `Will run on the GPU (${adapter}) with ${layers} of ${totalLayers} layers, because ${subject} takes ${formatBytes(neededBytes)} and a buffer of this GPU holds ${formatBytes(limitBytes)}. The rest stays on the CPU.`
  }
  return layers >= totalLayers
    ? `Will run on the GPU (${adapter}) with all ${totalLayers} layers, and be checked against the CPU.`
    : `Will run on the GPU (${adapter}) with ${layers} of ${totalLayers} layers, as set.`
}

function threadsOf({ threads }: Forecast): string {
  if (threads.count === null) return 'as many threads as a measurement finds best'
  return threads.count === 1 ? '1 thread' : `${threads.count} threads`
}

function cpuReason(plan: Extract<Forecast, { type: 'cpu' }>): string {
  switch (plan.reason) {
    case 'switched-off':
      return 'GPU layers are set to 0'
    case 'small-model':
      return 'a model this small answers sooner there than a GPU compiles its shaders'
    case 'too-large-for-gpu':
      return plan.why
    case 'wrong-numbers':
      return 'the GPU computed wrong numbers for this model in an earlier self-test'
    case 'no-webgpu':
    case 'no-adapter':
    case 'no-shader-f16':
      return NO_GPU[plan.reason].because
    default:
      return assertNever(plan.reason)
  }
}

type NoGpu = Extract<Gpu, { type: 'none' }>['reason']

const NO_GPU: Readonly<Record<NoGpu, { readonly because: string; readonly advice: string }>> = {
  'no-webgpu': {
    because: 'this browser has no WebGPU',
    advice:
      'Chrome and Edge have it since version 113, Safari since 26, Firefox on Windows since 141. It needs https or localhost.',
  },
  'no-adapter': {
    because: 'the browser offers no GPU to this page',
    advice:
      'Open chrome://gpu and look for “WebGPU: Hardware accelerated”. Switch on hardware acceleration in the settings; on Linux start Chrome with --enable-unsafe-webgpu --enable-features=Vulkan and have a Vulkan driver installed.',
  },
  'no-shader-f16': {
    because: 'the GPU that the browser offers has no shader-f16',
    advice:
      'Half-precision shaders need a recent driver. On Linux Chrome has them only with Vulkan: start it with --enable-features=Vulkan --enable-unsafe-webgpu. chrome://gpu tells which backend is used.',
  },
}

/** What to do when there is no usable GPU; null when there is one. */
export function gpuAdvice(gpu: Gpu): string | null {
  return gpu.type === 'usable' ? null : NO_GPU[gpu.reason].advice
}

/** The adapter in a line. */
export function gpuSentence(gpu: Gpu): string {
  if (!gpu.facts) return gpu.type === 'none' ? `None: ${NO_GPU[gpu.reason].because}.` : 'WebGPU'
  const { name, shaderF16, subgroups, isFallback, limits } = gpu.facts
  const traits = [
    shaderF16 ? 'shader-f16' : 'no shader-f16, so not usable',
    subgroups ? 'subgroups' : 'no subgroups',
    ...(isFallback ? ['computed in software'] : []),
    ...(limits
      ? [
          `buffers of up to ${formatBytes(Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize))}`,
        ]
      : []),
  ]
  return `${name}: ${traits.join(', ')}`
}

/** What the self-test compared, and how it ended. */
export function selfTestSentence(test: SelfTest): string {
  const { result, against, agreeing, positions, largestDifference, tookMs, referenceMs } = test
  const seconds = `${(tookMs / 1000).toFixed(1)} s`
  const once =
    referenceMs === null ? '' : `, and once ${(referenceMs / 1000).toFixed(1)} s on the CPU`
  const compared =
    against === 'cpu'
      ? `${agreeing} of ${positions} top tokens as on the CPU`
      : `${agreeing} of ${positions} known continuations found; too large to compare with the CPU`
  const difference =
    largestDifference === null ? '' : `, log probabilities within ${largestDifference.toFixed(2)}`
  return result === 'passed'
    ? `Self-test passed: ${compared}${difference} (${seconds}${once}).`
    : `Self-test failed on ${test.adapter}: ${compared}${difference} (${seconds}${once}). ${test.detail ? `Seen: ${test.detail}.` : ''}`.trim()
}
