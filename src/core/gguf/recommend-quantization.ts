import { assessFit, type FitReport, type FitRequest } from './fit.ts'

export type QuantizationCandidate = {
  /** Such as `Q4_K_M`. */
  readonly label: string
  readonly sizeBytes: number
  readonly isComplete: boolean
}

export type Recommendation<T> = { readonly candidate: T; readonly fit: FitReport }

/** `header` is that of any of the candidates: they differ in their weights alone. */
export type RecommendRequest = Pick<
  FitRequest,
  'header' | 'tensors' | 'contextLength' | 'cacheType' | 'device'
>

/** Below this many parameters a model loses too much by four bits, and eight are still a small download. */
const SMALL_MODEL_PARAMETERS = 1_000_000_000

/**
 * Best first. Four bits with K-quants are the usual balance, and in a browser every byte is downloaded, read for each
 * token and kept in memory; below four bits calls begin to break.
 */
const FOUR_BITS = ['Q4_K_M', 'UD-Q4_K_XL', 'Q4_K_L', 'Q4_K_S', 'IQ4_XS', 'IQ4_NL', 'Q4_0', 'Q4_1']
const MORE_BITS = [
  'Q5_K_M',
  'UD-Q5_K_XL',
  'Q5_K_L',
  'Q5_K_S',
  'Q5_0',
  'Q5_1',
  'Q6_K',
  'Q6_K_L',
  'Q8_0',
]
const FEWER_BITS = [
  'Q3_K_L',
  'Q3_K_XL',
  'UD-Q3_K_XL',
  'Q3_K_M',
  'IQ3_M',
  'IQ3_S',
  'Q3_K_S',
  'IQ3_XXS',
]
const LARGE_ORDER = [...FOUR_BITS, ...MORE_BITS, ...FEWER_BITS]
const SMALL_ORDER = [...MORE_BITS.toReversed(), ...FOUR_BITS, 'F16', 'BF16', ...FEWER_BITS]

/**
 * The one quantization to download here: of those that fit the one that is best by its type; when all are tight, the
 * smallest. Null when none can run. A candidate whose type is not known comes after those that are.
 */
export function recommendQuantization<T extends QuantizationCandidate>(
  candidates: readonly T[],
  request: RecommendRequest,
): Recommendation<T> | null {
  const rated = candidates
    .filter(({ isComplete }) => isComplete)
    .map((candidate) => ({ candidate, fit: assessCandidate(candidate, request) }))
    .toSorted((a, b) => a.candidate.sizeBytes - b.candidate.sizeBytes)
  const order = parameterCount(request) < SMALL_MODEL_PARAMETERS ? SMALL_ORDER : LARGE_ORDER
  const rank = ({ candidate }: Recommendation<T>) => {
    const place = order.indexOf(candidate.label.toUpperCase())
    return place < 0 ? order.length : place
  }
  const fitting = rated
    .filter(({ fit }) => fit.verdict === 'fits')
    .toSorted((a, b) => rank(a) - rank(b))
  return fitting[0] ?? rated.find(({ fit }) => fit.verdict === 'tight') ?? null
}

/** How a candidate fits whose header was not read: its tensors are taken to shrink and grow with the file. */
export function assessCandidate(
  { sizeBytes }: QuantizationCandidate,
  request: RecommendRequest,
): FitReport {
  const tensors = request.tensors ?? request.header.tensors
  const knownBytes = tensors.reduce((sum, tensor) => sum + (tensor.sizeBytes ?? 0), 0)
  const scale = knownBytes > 0 ? sizeBytes / knownBytes : 1
  const scaled = tensors.map((tensor) => ({
    ...tensor,
    sizeBytes: tensor.sizeBytes === null ? null : Math.ceil(tensor.sizeBytes * scale),
  }))
  return assessFit({ ...request, tensors: scaled, sizeBytes, downloadBytes: sizeBytes })
}

function parameterCount({ header, tensors }: RecommendRequest): number {
  if (!tensors) return header.parameterCount
  return tensors.reduce(
    (sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  )
}
