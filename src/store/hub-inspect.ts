import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import type { ByteSource } from '../core/gguf/model-files.ts'
import { readGgufHeader } from '../core/gguf/read-gguf-header.ts'
import { assertNever } from '../core/lib/assert-never.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import { quantizationsOf } from '../hub/catalog.ts'
import { hubMessage, storeMessage } from './hub-message.ts'
import type { HubContext } from './hub-slice.ts'
import { storedName } from './stored-name.ts'
import type { HeaderCheck, HubMessage, InspectTarget, StoredLook } from './hub-state.ts'
import { localModelMessage } from './user-message.ts'

type LocalTarget = Exclude<InspectTarget, { readonly type: 'quantization' }>

/** Looking into the files of a model, wherever they are. */
export function createHubInspect({ deps, get, set, hub, runningFiles }: HubContext) {
  /** The latest inspection: an older one that is still read may not show any more. */
  let latest = {}

  async function inspect(target: InspectTarget): Promise<void> {
    const mine = (latest = {})
    if (target.type === 'quantization') return inspectQuantization(target.id)
    const { name, sizeBytes } = nameAndSize(target)
    const show = (check: HeaderCheck) => {
      if (latest === mine) set({ inspection: { name, sizeBytes, target, check } })
    }
    show({ type: 'reading' })
    const files = await filesOf(target)
    const headers = files.ok ? await readHeaders(files.value) : files
    show(
      headers.ok
        ? { type: 'read', headers: headers.value }
        : { type: 'failed', message: headers.error },
    )
  }

  /** Its check is shown as it is, so that what was read for the fit is not read again. */
  async function inspectQuantization(id: string): Promise<void> {
    const { hubRepo, checkQuantization } = get()
    if (hubRepo?.status.type !== 'open') return
    const quantization = quantizationsOf(hubRepo.status.details).find((one) => one.id === id)
    if (!quantization) return
    const { sizeBytes, label } = quantization
    const name = `${hubRepo.id} ${label}`
    const target = { type: 'quantization', id } as const
    set({ inspection: { name, sizeBytes, target, check: { type: 'reading' } } })
    await checkQuantization(id)
  }

  function nameAndSize(target: LocalTarget) {
    if (target.type === 'running') {
      const files = runningFiles()
      return { name: files?.name ?? '', sizeBytes: files?.sizeBytes ?? 0 }
    }
    if (target.type === 'local') {
      const [first] = target.files
      const sizeBytes = target.files.reduce((sum, { file }) => sum + file.size, 0)
      return { name: first?.path ?? '', sizeBytes }
    }
    const { shelf } = get()
    const models = shelf.type === 'read' ? shelf.shelf.models : []
    const model = models.find(({ id }) => id === target.id)
    const known = model?.type === 'broken' ? model.model : model
    return { name: known ? storedName(known) : target.id, sizeBytes: model?.sizeBytes ?? 0 }
  }

  async function filesOf(target: LocalTarget): Promise<Result<readonly ByteSource[], HubMessage>> {
    switch (target.type) {
      case 'running':
        return ok(runningFiles()?.shards ?? [])
      case 'stored': {
        const access = await hub.open()
        if (!access.ok) return access
        const files = await access.value.models.files(target.id)
        return files.ok ? files : err(storeMessage(files.error))
      }
      case 'local':
        return ok(target.files.map(({ file }) => file))
      default:
        return assertNever(target)
    }
  }

  /** Every stored model is opened once: its files do not change. */
  async function lookAtStored(): Promise<void> {
    const access = await hub.open()
    const { shelf } = get()
    if (!access.ok || shelf.type !== 'read') return
    for (const { type, id } of shelf.shelf.models) {
      if (type !== 'model' || Object.hasOwn(get().storedLooks, id)) continue
      const look = await lookAt(id)
      // A file that cannot be read now may be later.
      if (look) set({ storedLooks: { ...get().storedLooks, [id]: look } })
    }
  }

  async function lookAt(id: string): Promise<StoredLook | null> {
    const files = await filesOf({ type: 'stored', id })
    if (!files.ok) return null
    const opened = await deps.openLocalModel(files.value.filter((file) => file instanceof File))
    if (!opened.ok) return { type: 'problem', message: localModelMessage(opened.error) }
    const { name, header, sizeBytes } = opened.value
    return { type: 'model', name, header, sizeBytes }
  }

  return {
    inspect,
    lookAtStored,
    closeInspection() {
      latest = {}
      set({ inspection: null })
    },
  }
}

async function readHeaders(
  files: readonly ByteSource[],
): Promise<Result<readonly [GgufHeader, ...GgufHeader[]], HubMessage>> {
  const headers: GgufHeader[] = []
  for (const file of files) {
    const header = await readGgufHeader(file)
    if (!header.ok) return err(hubMessage({ kind: 'bad-header', error: header.error }))
    headers.push(header.value)
  }
  // The shards of a local model come in any order, and the first one says what the model is.
  const [first, ...others] = headers.toSorted((a, b) => placeOf(a) - placeOf(b))
  return first ? ok([first, ...others]) : err(GONE)
}

function placeOf({ split }: GgufHeader): number {
  return split?.index ?? 0
}

const GONE: HubMessage = {
  title: 'The model is not there any more',
  advice: 'It was unloaded or deleted meanwhile.',
  link: null,
  step: null,
}
