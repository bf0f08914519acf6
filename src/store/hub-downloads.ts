import { quantizationsOf } from '../hub/catalog.ts'
import type { Download } from '../hub/download-state.ts'
import type { Downloads } from '../hub/downloads.ts'
import { createFrameBatch } from './frame-batch.ts'
import type { HubContext } from './hub-slice.ts'
import { storedName } from './stored-name.ts'

/** Downloads of all tabs, as they are told by the hub layer. */
export function createHubDownloads({ deps, get, set, notify, offer, announce, hub }: HubContext) {
  let unsubscribe: (() => void) | null = null
  let latest: readonly Download[] = []
  const frame = createFrameBatch(deps, show)

  function show(): void {
    const before = new Map(get().downloads.map((download) => [download.id, download]))
    set({ downloads: latest })
    for (const download of latest) tell(download, before.get(download.id) ?? null)
  }

  /** Says what happened while nobody looked; what another tab downloads is said there. */
  function tell(download: Download, before: Download | null): void {
    const { state, isInOtherTab } = download
    if (state.type === before?.state.type) return
    if (state.type === 'done') void get().refreshShelf()
    if (isInOtherTab || before === null) return
    const name = storedName(download)
    const isLookedAt = get().dialog === 'model' && get().modelsTab === 'downloads'
    if (state.type === 'done' && isLookedAt) announce(`${name} is ready to load`)
    else if (state.type === 'done') {
      const advice = 'Verified and stored. Load it now, or later from Models, Storage.'
      offer(
        { tone: 'info', title: `${name} is here`, advice },
        { label: 'Load', run: () => void get().loadStoredModel(download) },
      )
    } else if (state.type === 'failed' && !isLookedAt) {
      const title = `The download of ${name} stopped`
      notify({ tone: 'error', title, advice: 'Open Models, Downloads to see why and go on.' })
    } else if (state.type === 'verifying') announce(`Verifying ${name}`)
  }

  async function follow(): Promise<void> {
    const access = await hub.open()
    if (!access.ok || unsubscribe) return
    const { downloads } = access.value
    unsubscribe = downloads.subscribe((list) => {
      latest = list
      frame.schedule()
    })
    latest = downloads.list()
    show()
  }

  async function command(run: (downloads: Downloads) => void): Promise<void> {
    await follow()
    const access = await hub.open()
    if (access.ok) run(access.value.downloads)
    else notify({ tone: 'error', title: access.error.title, advice: access.error.advice })
  }

  async function startDownload(quantizationId: string): Promise<void> {
    const { hubRepo, acceptedTerms } = get()
    if (hubRepo?.status.type !== 'open') return
    const { details } = hubRepo.status
    const quantization = quantizationsOf(details).find(({ id }) => id === quantizationId)
    if (!quantization?.isComplete) return
    if (!Object.hasOwn(acceptedTerms, details.id)) {
      const terms = { license: details.license, acceptedAtMs: deps.nowMs() }
      set({ acceptedTerms: { ...acceptedTerms, [details.id]: terms } })
    }
    set({ modelsTab: 'downloads' })
    const access = await hub.open()
    const fileUrl = access.ok ? access.value.client.fileUrl : () => ''
    await command((downloads) =>
      downloads.start({
        repo: details.id,
        commit: details.commit,
        quantization: quantization.label,
        files: quantization.files.map((file) => ({
          path: file.path,
          url: fileUrl(file),
          sizeBytes: file.sizeBytes,
          sha256: file.sha256,
          etag: null,
        })),
      }),
    )
  }

  return {
    startDownload,
    command,
    follow,
    stopFollowing() {
      unsubscribe?.()
      frame.cancel()
    },
  }
}
