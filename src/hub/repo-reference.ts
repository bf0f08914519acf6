import { err, ok, type Result } from '../core/lib/result.ts'

/** A model repository on the Hub, as a user names it. */
export type RepoReference = {
  readonly owner: string
  readonly name: string
  /** A branch, tag or commit; null for the default branch. */
  readonly revision: string | null
  /** A file or folder in the repository. */
  readonly path: string | null
  /** What stands behind the colon in `owner/name:Q4_K_M`. */
  readonly quantization: string | null
}

export type RepoReferenceError =
  | { readonly kind: 'empty' }
  /** `gpt2`: could be an owner as well as a model of the Hub's first days. */
  | { readonly kind: 'no-owner'; readonly name: string }
  | { readonly kind: 'invalid-name'; readonly name: string }
  | { readonly kind: 'not-a-model'; readonly what: string }
  /** A URL that leads to no repository that we know how to read. */
  | { readonly kind: 'unknown-url'; readonly url: string }

/** Hosts where `/owner/name` alone is a model. Elsewhere the URL must also say `resolve`, `blob`, `tree` or `raw`. */
const HUB_HOSTS: ReadonlySet<string> = new Set([
  'huggingface.co',
  'www.huggingface.co',
  'hf.co',
  'hf-mirror.com',
])

/** First parts of the Hub's own pages, which look like owners. */
const OTHER_PAGES: ReadonlyMap<string, string> = new Map([
  ['datasets', 'dataset'],
  ['spaces', 'space'],
  ['collections', 'collection'],
  ['papers', 'paper'],
  ['buckets', 'bucket'],
  ...['blog', 'docs', 'models', 'tasks', 'settings', 'organizations', 'posts', 'learn'].map(
    (name): [string, string] => [name, 'page'],
  ),
])

const REVISION_VERBS: ReadonlySet<string> = new Set(['tree', 'blob', 'resolve', 'raw', 'commit'])

/** As the Hub checks names: https://huggingface.co/docs/huggingface_hub/package_reference/utilities (`validate_repo_id`). */
const REPO_NAME = /^(?![-.])(?!.*(?:--|\.\.))[\w.-]{1,96}(?<![-.])$/

/**
 * Reads what a user types or pastes for a model: `owner/name`, `owner/name:Q4_K_M`, `hf.co/owner/name:Q4_K_M`,
 * `hf://owner/name@revision/path`, and the Hub's URLs of a repository, a folder or a file, on any mirror.
 *
 * `baseUrl` is the mirror in use: its URLs are understood even where the Hub lies below a path.
 */
export function parseRepoReference(
  text: string,
  baseUrl = 'https://huggingface.co',
): Result<RepoReference, RepoReferenceError> {
  const bare = text.trim().replace(/^[<"'`(]+|[>"'`),]+$/g, '')
  if (bare === '') return err({ kind: 'empty' })
  const hf = /^hf:\/\/(?:models\/)?(.*)$/i.exec(bare)?.[1]
  if (hf !== undefined) return fromFileSystemPath(hf)
  const url = asUrl(bare, baseUrl)
  return url ? fromUrl(url, baseUrl) : fromShortForm(bare)
}

/** `owner/name`, as it stands in the Hub's URLs. */
export function repoId({ owner, name }: Pick<RepoReference, 'owner' | 'name'>): string {
  return `${owner}/${name}`
}

function asUrl(text: string, baseUrl: string): URL | null {
  if (/^https?:\/\//i.test(text)) return parseUrl(text)
  const [host = ''] = text.split(/[/?#]/)
  const isHub = HUB_HOSTS.has(host.toLowerCase()) || host === parseUrl(baseUrl)?.host
  return isHub && text.length > host.length ? parseUrl(`https://${text}`) : null
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

/** The syntax of huggingface_hub's file system. */
function fromFileSystemPath(text: string): Result<RepoReference, RepoReferenceError> {
  const [owner = '', nameAndRevision = '', ...rest] = text.split('/')
  const at = nameAndRevision.indexOf('@')
  if (at < 0) return reference({ owner, name: nameAndRevision, path: rest.join('/') })
  const name = nameAndRevision.slice(0, at)
  const place = splitRevision([decode(nameAndRevision.slice(at + 1)), ...rest])
  return reference({ owner, name, ...place })
}

function fromShortForm(text: string): Result<RepoReference, RepoReferenceError> {
  const [id = '', ...quantization] = text.split(':')
  const [owner = '', name, ...more] = id.replace(/\/+$/, '').split('/')
  if (more.length > 0 && OTHER_PAGES.has(owner)) return otherPage(owner)
  if (more.length > 0) return err({ kind: 'invalid-name', name: id })
  if (name === undefined) return err({ kind: 'no-owner', name: owner })
  return reference({ owner, name, quantization: quantization.join(':') })
}

function fromUrl(url: URL, baseUrl: string): Result<RepoReference, RepoReferenceError> {
  const base = parseUrl(baseUrl)
  const isBase = base !== null && base.host === url.host
  const basePath = isBase ? base.pathname.replace(/\/+$/, '') : ''
  const pathname = url.pathname.startsWith(`${basePath}/`)
    ? url.pathname.slice(basePath.length)
    : url.pathname
  const parts = withoutApi(pathname.split('/').filter(Boolean).map(decode))
  if (!parts) return err({ kind: 'unknown-url', url: url.href })
  const [owner = '', nameAndQuantization = '', verb, ...rest] = parts
  if (OTHER_PAGES.has(owner)) return otherPage(owner)
  const hasRevision = verb !== undefined && REVISION_VERBS.has(verb) && rest.length > 0
  const isHub = isBase || HUB_HOSTS.has(url.hostname.toLowerCase())
  if (!isHub && !hasRevision) return err({ kind: 'unknown-url', url: url.href })
  if (nameAndQuantization === '') {
    return owner === ''
      ? err({ kind: 'unknown-url', url: url.href })
      : err({ kind: 'no-owner', name: owner })
  }
  const [name = '', quantization] = nameAndQuantization.split(':')
  // The page of a repository opens a file's details at the side: the path stays that of the repository.
  const shown = url.searchParams.get('show_file_info') ?? ''
  if (!hasRevision) return reference({ owner, name, quantization, path: shown })
  const { revision, path } = splitRevision(rest)
  return reference({ owner, name, revision, path: path === '' ? shown : path })
}

/** The API's URLs name the same things: `/api/models/o/n/tree/r`, `/api/resolve-cache/models/o/n/commit/path`. */
function withoutApi(parts: readonly string[]): readonly string[] | null {
  if (parts[0] !== 'api') return parts
  const [, kind, ...rest] = parts
  if (kind === 'models') {
    const [owner = '', name = '', verb, ...more] = rest
    return verb === undefined
      ? [owner, name]
      : [owner, name, verb === 'revision' ? 'tree' : verb, ...more]
  }
  if (kind !== 'resolve-cache' || rest[0] !== 'models') return null
  const [, owner = '', name = '', ...more] = rest
  return [owner, name, 'resolve', ...more]
}

/** Slashes in a revision are escaped, but for those of a pull request the Hub takes them as they are. */
function splitRevision([first = '', ...rest]: readonly string[]) {
  if (first === 'refs' && rest.length >= 2) {
    const [kind = '', name = '', ...path] = rest
    return { revision: `refs/${kind}/${name}`, path: path.join('/') }
  }
  return { revision: first, path: rest.join('/') }
}

function otherPage(name: string): Result<never, RepoReferenceError> {
  return err({ kind: 'not-a-model', what: OTHER_PAGES.get(name) ?? 'page' })
}

type Parts = {
  readonly owner: string
  readonly name: string
  readonly revision?: string | undefined
  readonly path?: string | undefined
  readonly quantization?: string | undefined
}

function reference(parts: Parts): Result<RepoReference, RepoReferenceError> {
  const { owner, name } = parts
  if (!REPO_NAME.test(owner)) return err({ kind: 'invalid-name', name: owner })
  if (!REPO_NAME.test(name) || name.endsWith('.git')) return err({ kind: 'invalid-name', name })
  return ok({
    owner,
    name,
    revision: parts.revision || null,
    path: parts.path?.replace(/\/+$/, '') || null,
    quantization: parts.quantization || null,
  })
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // A stray percent sign: the text as it stands.
    return part
  }
}
