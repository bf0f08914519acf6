import type { RepoDetails, RepoFile } from './hub-client.ts'
import type { RepoReference } from './repo-reference.ts'

/** One way a repository offers its model: a single file, or several shards. */
export type Quantization = {
  /** Unique in the repository: the path without the shard's place and the ending. */
  readonly id: string
  /** Such as `Q4_K_M`; the file's name when it does not say. */
  readonly label: string
  /** The shards that are there, in order. */
  readonly files: readonly RepoFile[]
  /** Of the files that are there. */
  readonly sizeBytes: number
  /** Null when the number of parameters is not known, or shards are missing. */
  readonly bitsPerWeight: number | null
  readonly isComplete: boolean
  /** Paths of the shards that the repository lacks. */
  readonly missing: readonly string[]
}

/** As `gguf-split` names shards: https://github.com/ggml-org/llama.cpp/tree/master/tools/gguf-split */
const SHARD = /^(.*)-(\d{5})-of-(\d{5})$/
/** A file that claims more shards than this has a wrong name; gigabytes each, it would be tens of terabytes. */
const MAX_SHARDS = 999

/**
 * The names of llama.cpp's types and mixes, and what makers of quantizations add: `UD-` before (Unsloth's own mixes),
 * `_L` and `_XL` after, `BF16_Q8_0` for a file of two types (Mungert).
 */
const TYPE = String.raw`(?:i?q[1-8]_(?:k|0|1|xxs|xs|s|m|nl|xl)(?:_(?:xxs|xs|s|m|l|xl|\d(?:_\d)?))?|t?q[12]_0|bf16|fp?16|fp?32|(?:mx|nv)fp4(?:_moe)?)`
const LABEL = new RegExp(`(?:^|[-._/])((?:ud-)?${TYPE}(?:_${TYPE})?)(?=$|[-._/])`, 'gi')

/** GGUF files beside the model: projectors for images, importance matrices, adapters. */
const OTHER_CONTENT = /(?:^|[-._])(?:mmproj|imatrix|lora|adapter|vocab)(?:[-._]|$)/i

/** Groups the GGUF files of a repository into what can be downloaded and loaded, smallest first. */
export function quantizationsOf({ files, gguf }: RepoDetails): readonly Quantization[] {
  const groups = new Map<string, Group>()
  for (const file of files) {
    const place = placeOf(file.path)
    if (!place) continue
    const key = `${place.stem}\n${place.count}`
    const group = groups.get(key) ?? { stem: place.stem, count: place.count, shards: new Map() }
    group.shards.set(place.index, file)
    groups.set(key, group)
  }
  const all = [...groups.values()]
  // The Hub counts the parameters of one file: of another model in the same repository that says nothing.
  const models = new Set(all.map(({ stem }) => modelOf(stem)))
  const parameterCount = models.size === 1 ? (gguf?.parameterCount ?? null) : null
  return all
    .map((group) => toQuantization(group, parameterCount))
    .toSorted((a, b) => a.sizeBytes - b.sizeBytes || (a.id < b.id ? -1 : 1))
}

/** The quantization that a pasted reference means, by its file, folder or label; null when it names none. */
export function quantizationFor(
  { path, quantization }: Pick<RepoReference, 'path' | 'quantization'>,
  quantizations: readonly Quantization[],
): Quantization | null {
  const label = quantization?.toLowerCase()
  const found = quantizations.find(
    (one) =>
      (path !== null &&
        one.files.some((file) => file.path === path || file.path.startsWith(`${path}/`))) ||
      (label !== undefined &&
        (one.label.toLowerCase() === label ||
          one.files.some(({ path: own }) => own === quantization))),
  )
  return found ?? null
}

/** The type or mix that a path names, in capitals; null when it names none. */
export function quantizationLabel(path: string): string | null {
  // The file's own name counts more than its folder's, and what stands last more than a model called `F16-something`.
  const label = [...path.replace(/\.gguf$/i, '').matchAll(LABEL)].at(-1)?.[1]
  return label?.toUpperCase().replace(/^FP(?=16|32)/, 'F') ?? null
}

type Group = {
  readonly stem: string
  readonly count: number
  /** By place, from 1. */
  readonly shards: Map<number, RepoFile>
}

function placeOf(path: string) {
  const [, stem] = /^(.*)\.gguf$/i.exec(path) ?? []
  if (stem === undefined || OTHER_CONTENT.test(stem.slice(stem.lastIndexOf('/') + 1))) return null
  const [, name, number, total] = SHARD.exec(stem) ?? []
  const place = { index: Number(number), count: Number(total) }
  // One of one is a whole file, and its plain namesake may lie beside it.
  const isShard =
    place.count > 1 && place.index >= 1 && place.index <= place.count && place.count <= MAX_SHARDS
  return isShard && name !== undefined ? { stem: name, ...place } : { stem, index: 1, count: 1 }
}

function toQuantization(
  { stem, count, shards }: Group,
  parameterCount: number | null,
): Quantization {
  const places = Array.from({ length: count }, (_, index) => index + 1)
  const files = places.flatMap((place) => shards.get(place) ?? [])
  const missing = places
    .filter((place) => !shards.has(place))
    .map((place) => `${stem}-${digits(place)}-of-${digits(count)}.gguf`)
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  const isComplete = missing.length === 0
  return {
    id: count === 1 ? stem : `${stem}-of-${digits(count)}`,
    label: quantizationLabel(stem) ?? stem.slice(stem.lastIndexOf('/') + 1),
    files,
    sizeBytes,
    bitsPerWeight: isComplete && parameterCount ? (sizeBytes * 8) / parameterCount : null,
    isComplete,
    missing,
  }
}

/** The file's name without what tells the quantizations of one model apart. */
function modelOf(stem: string): string {
  const name = stem.slice(stem.lastIndexOf('/') + 1)
  return name.replace(LABEL, '').toLowerCase()
}

function digits(value: number): string {
  return String(value).padStart(5, '0')
}
