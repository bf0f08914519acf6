import { err, ok, type Result } from '../../core/lib/result.ts'
import type { HubError } from '../hub-error.ts'

/** What the Hub says of a model in a list. */
export type RepoSummary = {
  /** `owner/name`, as it is written now: the Hub redirects former names. */
  readonly id: string
  readonly downloads: number
  readonly likes: number
  /** ISO 8601; null when not told. */
  readonly lastModified: string | null
  /** Whether terms have to be accepted first, and whether a person then decides. */
  readonly gated: false | 'auto' | 'manual'
  readonly license: License | null
  readonly tags: readonly string[]
  /** The model that this one was made from. */
  readonly baseModel: string | null
  /** What the Hub read from one GGUF file of the repository. */
  readonly gguf: HubGguf | null
}

export type License = {
  /** The Hub's name, such as `apache-2.0` or `cc-by-nc-4.0`; `other` comes with a name of its own. */
  readonly id: string
  readonly name: string | null
  readonly link: string | null
}

export type HubGguf = {
  readonly parameterCount: number | null
  readonly architecture: string | null
  readonly contextLength: number | null
  readonly chatTemplate: string | null
}

export type TreeFile = {
  readonly path: string
  readonly sizeBytes: number
  readonly sha256: string | null
}

type Parsed<T> = Result<T, HubError>

export function parseModelList(body: unknown): Parsed<readonly RepoSummary[]> {
  if (!Array.isArray(body)) return bad('the list of models is no list')
  // One entry that cannot be read must not hide the others.
  return ok(body.map(toSummary).filter((summary) => summary !== null))
}

export function parseModelInfo(body: unknown): Parsed<RepoSummary & { readonly commit: string }> {
  const summary = toSummary(body)
  const commit = text(body, 'sha')
  if (!summary) return bad('the model has no id')
  if (commit === null || !/^[0-9a-f]{40}$/.test(commit)) return bad('the model has no commit')
  return ok({ ...summary, commit })
}

/** Files only. A file in LFS has its own size beside the pointer's, and its SHA-256 as the LFS object id. */
export function parseTree(body: unknown): Parsed<readonly TreeFile[]> {
  if (!Array.isArray(body)) return bad('the list of files is no list')
  const files: TreeFile[] = []
  for (const entry of body) {
    if (text(entry, 'type') !== 'file') continue
    const path = text(entry, 'path')
    const lfs = field(entry, 'lfs')
    const sizeBytes = size(lfs, 'size') ?? size(entry, 'size')
    const oid = text(lfs, 'oid')?.toLowerCase() ?? null
    if (path === null || sizeBytes === null || !isSafePath(path)) {
      return bad(`a file without a name or a size: ${JSON.stringify(entry).slice(0, 120)}`)
    }
    if (oid !== null && !/^[0-9a-f]{64}$/.test(oid)) return bad(`${path} has no SHA-256`)
    files.push({ path, sizeBytes, sha256: oid })
  }
  return ok(files)
}

/** Paths become file names on this machine: nothing may lead out of its folder. */
function isSafePath(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

function toSummary(body: unknown): RepoSummary | null {
  const id = text(body, 'id') ?? text(body, 'modelId')
  if (id === null || !/^[\w.-]+\/[\w.-]+$/.test(id)) return null
  const tags = texts(field(body, 'tags'))
  const gated = field(body, 'gated')
  return {
    id,
    downloads: size(body, 'downloads') ?? 0,
    likes: size(body, 'likes') ?? 0,
    lastModified: text(body, 'lastModified'),
    gated: gated === 'auto' || gated === 'manual' ? gated : false,
    license: toLicense(field(body, 'cardData'), tags),
    tags,
    baseModel: tagValue(tags, 'base_model'),
    gguf: toGguf(field(body, 'gguf')),
  }
}

/** The card has the name and link of a license that is not in the Hub's list; a search result has the tag alone. */
function toLicense(card: unknown, tags: readonly string[]): License | null {
  const licenses = field(card, 'license')
  const fromCard = typeof licenses === 'string' ? licenses : texts(licenses)[0]
  const id = fromCard ?? tagValue(tags, 'license')
  if (id === null) return null
  const link = text(card, 'license_link')
  const isWebLink = link !== null && link.startsWith('https://')
  return { id, name: text(card, 'license_name'), link: isWebLink ? link : null }
}

function toGguf(gguf: unknown): HubGguf | null {
  if (typeof gguf !== 'object' || gguf === null) return null
  return {
    parameterCount: size(gguf, 'total'),
    architecture: text(gguf, 'architecture'),
    contextLength: size(gguf, 'context_length'),
    chatTemplate: text(gguf, 'chat_template'),
  }
}

/** `base_model:quantized:owner/name` repeats `base_model:owner/name` with the relation. */
function tagValue(tags: readonly string[], name: string): string | null {
  const tag = tags.find((one) => one.startsWith(`${name}:`))
  return tag?.slice(tag.lastIndexOf(':') + 1) ?? null
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined
}

function text(value: unknown, key: string): string | null {
  const found = field(value, key)
  return typeof found === 'string' ? found : null
}

function size(value: unknown, key: string): number | null {
  const found = field(value, key)
  return Number.isSafeInteger(found) && Number(found) >= 0 ? Number(found) : null
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function bad(detail: string): Result<never, HubError> {
  return err({ kind: 'bad-response', detail })
}
