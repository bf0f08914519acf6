import { isJsonObject, type JsonValue } from '../../core/lib/json.ts'
import { isDiskName } from './layout.ts'

/** What describes a complete entry. Written as a whole, when every file is there and verified. */
export type Manifest = {
  readonly version: 1
  readonly origin: 'hub' | 'import'
  /** `owner/name`; null for an import that matches no repository. */
  readonly repo: string | null
  readonly commit: string | null
  /** The quantization's label, or the name of what was imported. */
  readonly quantization: string
  readonly addedAtMs: number
  /** Shards in order. */
  readonly files: readonly ManifestFile[]
}

export type ManifestFile = {
  /** In the repository. */
  readonly path: string
  /** On disk. */
  readonly name: string
  readonly sizeBytes: number
  /** Of what was stored. */
  readonly sha256: string
  /** When the file on disk was last read and had this hash. */
  readonly verifiedAtMs: number
  /** Found to differ when it was verified again. */
  readonly isDamaged: boolean
}

/** Null unless every part is there. */
export function parseManifest(text: string): Manifest | null {
  try {
    const value = JSON.parse(text) as JsonValue
    if (!isJsonObject(value)) return null
    const { version, origin, repo, commit, quantization, addedAtMs, files } = value
    if (version !== 1 || (origin !== 'hub' && origin !== 'import')) return null
    if (!isTextOrNull(repo) || !isTextOrNull(commit)) return null
    if (typeof quantization !== 'string' || typeof addedAtMs !== 'number') return null
    if (!Array.isArray(files) || files.length === 0) return null
    const parsed = files.map((file: JsonValue) => parseFile(file))
    return parsed.every((file) => file !== null)
      ? { version, origin, repo, commit, quantization, addedAtMs, files: parsed }
      : null
  } catch {
    return null
  }
}

function parseFile(value: JsonValue): ManifestFile | null {
  if (!isJsonObject(value)) return null
  const { path, name, sizeBytes, sha256, verifiedAtMs, isDamaged } = value
  if (typeof path !== 'string' || typeof name !== 'string' || !isDiskName(name)) return null
  if (typeof sizeBytes !== 'number' || typeof sha256 !== 'string') return null
  if (typeof verifiedAtMs !== 'number' || typeof isDamaged !== 'boolean') return null
  return { path, name, sizeBytes, sha256, verifiedAtMs, isDamaged }
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}
