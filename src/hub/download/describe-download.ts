import type { Download, DownloadedFile, DownloadRequest, DownloadState } from '../download-state.ts'
import type { Journal } from './journal.ts'
import { createRate, secondsLeft } from './rate.ts'

/** Puts the figures of one download together, with its rate over time. */
export function createDescription(id: string) {
  const rate = createRate()
  return {
    resetRate: () => rate.reset(),
    describe(
      request: DownloadRequest,
      files: readonly DownloadedFile[],
      state: DownloadState,
    ): Download {
      const sum = (of: (file: DownloadedFile) => number) =>
        files.reduce((total, file) => total + of(file), 0)
      const sizeBytes = sum((file) => file.sizeBytes)
      const doneBytes = sum((file) => file.doneBytes)
      const isRunning = state.type === 'running'
      if (isRunning) rate.add(Date.now(), doneBytes)
      const bytesPerSecond = isRunning ? rate.bytesPerSecond() : 0
      return {
        id,
        repo: request.repo,
        commit: request.commit,
        quantization: request.quantization,
        state,
        files: isRunning ? files : files.map(standing),
        sizeBytes,
        doneBytes,
        verifiedBytes: sum((file) => file.verifiedBytes),
        bytesPerSecond,
        secondsLeft: secondsLeft(sizeBytes - doneBytes, bytesPerSecond),
        isInOtherTab: false,
      }
    },
  }
}

/** How far each file is by its journal alone. */
export function filesOf(journal: Journal): readonly DownloadedFile[] {
  return journal.files.map(({ digests, verified, hash }, index) => {
    const { path = '', sizeBytes = 0 } = journal.request.files[index] ?? {}
    const pieces = digests.filter((digest) => digest !== null).length
    return {
      ...wholeFile({ path, sizeBytes }),
      doneBytes: Math.min(sizeBytes, pieces * journal.pieceBytes),
      verifiedBytes: verified ? sizeBytes : (hash?.bytes ?? 0),
    }
  })
}

export function wholeFile(file: { readonly path: string; readonly sizeBytes: number }) {
  const { path, sizeBytes } = file
  const figures = { doneBytes: sizeBytes, verifiedBytes: sizeBytes, bytesPerSecond: 0 }
  return { path, sizeBytes, ...figures, secondsLeft: 0, canResume: true }
}

function standing(file: DownloadedFile): DownloadedFile {
  const isWhole = file.doneBytes === file.sizeBytes
  return { ...file, bytesPerSecond: 0, secondsLeft: isWhole ? 0 : null }
}
