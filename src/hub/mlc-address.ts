import type { MlcModel } from '../core/mlc/mlc-model.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import type { MlcOrigin } from './mlc-catalog.ts'
import { parseRepoReference, repoId } from './repo-reference.ts'

export type MlcAddressError =
  | { readonly kind: 'model-empty' }
  /** Neither a web address nor `owner/name`. */
  | { readonly kind: 'model-invalid'; readonly text: string }
  | { readonly kind: 'library-empty' }
  | { readonly kind: 'library-invalid'; readonly text: string }
  /** A library is a WebAssembly file. */
  | { readonly kind: 'library-no-wasm'; readonly text: string }
  /** A page that came by https may not fetch from here. */
  | { readonly kind: 'insecure'; readonly host: string }

export type MlcAddress = {
  /** `owner/name`, or the address of the folder with the files. */
  readonly model: string
  readonly library: string
}

export type AddressContext = { readonly baseUrl: string; readonly isSecurePage: boolean }

/** Reads where a user says that a model and its library are. Nothing is fetched. */
export function readMlcAddress(
  address: MlcAddress,
  context: AddressContext,
): Result<MlcModel & MlcOrigin, MlcAddressError> {
  const { model, library } = address
  const modelUrl = readModelUrl(model.trim(), context.baseUrl)
  if (!modelUrl.ok) return modelUrl
  const libraryUrl = readLibraryUrl(library.trim())
  if (!libraryUrl.ok) return libraryUrl
  for (const url of [modelUrl.value, libraryUrl.value]) {
    if (context.isSecurePage && !isReachable(url)) return err({ kind: 'insecure', host: url.host })
  }
  const name = nameOf(modelUrl.value)
  return ok({
    name,
    modelUrl: modelUrl.value.href,
    libraryUrl: libraryUrl.value.href,
    // The library tells by its name, as the files of the model do.
    needsShaderF16: /q\df16/i.test(`${name} ${libraryUrl.value.pathname}`),
    baseUrl: null,
    license: null,
  })
}

function readModelUrl(text: string, baseUrl: string): Result<URL, MlcAddressError> {
  if (text === '') return err({ kind: 'model-empty' })
  if (!/^https?:\/\//i.test(text)) {
    const repo = parseRepoReference(text, baseUrl)
    if (!repo.ok) return err({ kind: 'model-invalid', text })
    const revision = encodeURIComponent(repo.value.revision ?? 'main')
    return ok(new URL(`${baseUrl}/${repoId(repo.value)}/resolve/${revision}/`))
  }
  if (!URL.canParse(text)) return err({ kind: 'model-invalid', text })
  const url = new URL(text)
  if (url.pathname.replaceAll('/', '') === '') return err({ kind: 'model-invalid', text })
  const folder = url.pathname.replace(/\/(tree|blob)\//, '/resolve/').replace(/\/*$/, '/')
  // As WebLLM does it: an address without a revision is that of a repository.
  const path = /\/resolve\/[^/]+\//.test(folder) ? folder : `${folder}resolve/main/`
  // Not as a relative address: a path that begins with two slashes would be read as a host.
  return ok(new URL(url.origin + path))
}

function readLibraryUrl(text: string): Result<URL, MlcAddressError> {
  if (text === '') return err({ kind: 'library-empty' })
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    return err({ kind: 'library-invalid', text })
  const url = new URL(text.replace(/(github\.com\/[^/]+\/[^/]+)\/blob\//i, '$1/raw/'))
  return url.pathname.toLowerCase().endsWith('.wasm')
    ? ok(url)
    : err({ kind: 'library-no-wasm', text })
}

/** The last part of the folder's path before its revision. */
function nameOf({ pathname, host }: URL): string {
  const folder = pathname.replace(/\/resolve\/.*$/, '')
  return decoded(folder.split('/').at(-1) ?? '') || host
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // A stray percent sign is a part of the name.
    return part
  }
}

function isReachable({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'https:' ||
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname.startsWith('127.') ||
    hostname === '[::1]'
  )
}
