import { readGgufHeader } from '../core/gguf/read-gguf-header.ts'
import { openLocalModel, type LocalModelError } from './local-model.ts'
import { groupShards, modelName, type ReadFile } from './shards.ts'

/** A file and its place below the folder that was chosen, such as `3b/model.gguf`; of a single file, its name. */
export type FileAt = { readonly file: File; readonly path: string }

/** One model among the files of a folder, with all of its shards; `problem` says why it cannot be loaded. */
export type LocalModelChoice<T extends FileAt> = {
  readonly name: string
  /** Below the folder that was chosen; empty at its top. Two models of one name differ in it. */
  readonly folder: string
  readonly files: readonly T[]
  readonly sizeBytes: number
  readonly problem: LocalModelError | null
}

/**
 * Sorts the files of a folder into models, by name and folder.
 *
 * A folder may hold anything: what is damaged or no language model is an entry of its own with its reason, and the
 * others can be used all the same. The shards of a model are in one folder; the same name in another one is another
 * model.
 */
export async function findLocalModels<T extends FileAt>(
  files: readonly T[],
): Promise<readonly LocalModelChoice<T>[]> {
  const models: LocalModelChoice<T>[] = []
  for (const [folder, inside] of byFolder(files)) {
    for (const { name, members } of await modelsOf(inside)) {
      models.push(await choiceOf({ name, folder, files: members }))
    }
  }
  return models.toSorted(
    (a, b) => a.name.localeCompare(b.name, 'en') || a.folder.localeCompare(b.folder, 'en'),
  )
}

function byFolder<T extends FileAt>(files: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const folders = new Map<string, T[]>()
  for (const entry of files) {
    const folder = entry.path.slice(0, Math.max(0, entry.path.lastIndexOf('/')))
    folders.set(folder, [...(folders.get(folder) ?? []), entry])
  }
  return folders
}

type Members<T> = { readonly name: string; readonly members: readonly T[] }

async function modelsOf<T extends FileAt>(files: readonly T[]): Promise<readonly Members<T>[]> {
  const entries = new Map<ReadFile['file'], T>()
  const read: ReadFile[] = []
  const models: Members<T>[] = []
  for (const entry of files) {
    const { file } = entry
    const header = await readGgufHeader(file)
    entries.set(file, entry)
    if (header.ok) read.push({ file, header: header.value })
    else models.push({ name: modelName(file.name), members: [entry] })
  }
  for (const { name, count, shards } of groupShards(read)) {
    const members = shards.flatMap(({ file }) => entries.get(file) ?? [])
    // Whole models of one name, dropped together from places that the browser does not tell.
    if (count === 1) models.push(...members.map((member) => ({ name, members: [member] })))
    else models.push({ name, members })
  }
  return models
}

async function choiceOf<T extends FileAt>(
  model: Pick<LocalModelChoice<T>, 'name' | 'folder' | 'files'>,
): Promise<LocalModelChoice<T>> {
  const files = model.files.map(({ file }) => file)
  const opened = await openLocalModel(files)
  const sizeBytes = files.reduce((sum, { size }) => sum + size, 0)
  return { ...model, sizeBytes, problem: opened.ok ? null : opened.error }
}
