import { readGgufHeader } from '../core/gguf/read-gguf-header.ts'
import { openLocalModel, type LocalModelError } from './local-model.ts'
import { groupShards, modelName, type ReadFile } from './shards.ts'

/** One model among the files of a folder, with all of its shards; `problem` says why it cannot be loaded. */
export type LocalModelChoice = {
  readonly name: string
  readonly files: readonly File[]
  readonly sizeBytes: number
  readonly problem: LocalModelError | null
}

/**
 * Sorts the files of a folder into models, by name.
 *
 * A folder may hold anything: what is damaged or no language model is an entry of its own with its reason, and the
 * others can be used all the same.
 */
export async function findLocalModels(
  files: readonly File[],
): Promise<readonly LocalModelChoice[]> {
  const read: (ReadFile & { readonly file: File })[] = []
  const models: LocalModelChoice[] = []
  for (const file of files) {
    const header = await readGgufHeader(file)
    if (header.ok) read.push({ file, header: header.value })
    else models.push(await choiceOf(modelName(file.name), [file]))
  }
  for (const { name, shards } of groupShards(read)) {
    const own = new Set(shards.map((shard) => shard.file))
    const members = read.flatMap(({ file }) => (own.has(file) ? [file] : []))
    models.push(await choiceOf(name, members))
  }
  return models.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
}

async function choiceOf(name: string, files: readonly File[]): Promise<LocalModelChoice> {
  const opened = await openLocalModel(files)
  const sizeBytes = files.reduce((sum, file) => sum + file.size, 0)
  return { name, files, sizeBytes, problem: opened.ok ? null : opened.error }
}
