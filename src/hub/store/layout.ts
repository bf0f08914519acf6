/**
 * Where things are in OPFS: `models/<id>/` holds one model.
 *
 * - `files/<name>`: the model files
 * - `manifest.json`: written last and as a whole; where it is, the entry is complete
 * - `journal`: a download that is not; removed after the manifest is there
 * - `last-used`: apart from the manifest, so that using a model never rewrites what describes it
 */
export const MODELS_FOLDER = 'models'
export const MANIFEST_NAME = 'manifest.json'
export const JOURNAL_NAME = 'journal'
export const LAST_USED_NAME = 'last-used'
export const FILES_FOLDER = 'files'

/** Enough of a commit to tell two apart. */
const COMMIT_DIGITS = 12

/** The name of an entry's folder; equal for equal content of the Hub, so that nothing is stored twice. */
export function modelId(model: {
  readonly repo: string
  readonly commit: string
  readonly quantization: string
}): string {
  const commit = model.commit.slice(0, COMMIT_DIGITS)
  return [...model.repo.split('/'), model.quantization, commit].map(plainName).join('--')
}

/** The names of the files on disk. Browsers refuse some characters, and two folders of a repository may hold one name. */
export function diskNames(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) => plainName(path.split('/').at(-1) ?? ''))
  return names.map((name, index) =>
    names.filter((other) => other.toLowerCase() === name.toLowerCase()).length > 1
      ? `${index + 1}-${name}`
      : name,
  )
}

/** Whether a name may be one of `diskNames`: whatever wrote it, it leads nowhere else. */
export function isDiskName(name: string): boolean {
  return /^(?!\.)[\w.-]+$/.test(name)
}

/** Held by the one tab that downloads or imports this entry. */
export function entryLock(id: string): string {
  return `callground:download:${id}`
}

function plainName(text: string): string {
  const plain = text.replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '_')
  return plain === '' ? '_' : plain.slice(-120)
}
