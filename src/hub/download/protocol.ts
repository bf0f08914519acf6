import type { Download, DownloadRequest, DownloadTuning } from '../download-state.ts'

/** What a page, of this tab or another, wants of one download. */
export type DownloadCommand =
  | { readonly type: 'start'; readonly request: DownloadRequest }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'retry' }
  | { readonly type: 'cancel' }

/** The Authorization header, and the one origin that may see it. */
export type Authorization = { readonly origin: string; readonly header: string }

export type ToDownloader =
  /** First of all. */
  | {
      readonly type: 'configure'
      readonly folder: string
      readonly tuning: DownloadTuning
    }
  /** Entries with a journal: whoever holds them, this tab comes next. */
  | { readonly type: 'adopt'; readonly ids: readonly string[] }
  | { readonly type: 'command'; readonly id: string; readonly command: DownloadCommand }
  | { readonly type: 'authorization'; readonly authorization: Authorization | null }

export type FromDownloader =
  | { readonly type: 'downloads'; readonly downloads: readonly Download[] }
  /** A run begins: what is the token now? It is kept in memory alone. */
  | { readonly type: 'authorization-wanted' }

/** Between the workers of all tabs. Never carries a token. */
export type Broadcast =
  /** A new tab: those who download tell what. */
  | { readonly type: 'hello' }
  | { readonly type: 'download'; readonly id: string; readonly download: Download | null }
  | { readonly type: 'command'; readonly id: string; readonly command: DownloadCommand }

/** One channel for each folder: tests that run beside each other do not hear one another. */
export function channelName(folder: string): string {
  return `callground:downloads:${folder}`
}
