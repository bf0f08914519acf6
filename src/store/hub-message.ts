import { assertNever } from '../core/lib/assert-never.ts'
import type { DownloadError, DownloadWait } from '../hub/download-state.ts'
import type { HeaderError } from '../hub/hub-client.ts'
import type { HubError } from '../hub/hub-error.ts'
import type { LocalModelError } from '../hub/local-model.ts'
import type { StoreError } from '../hub/model-store.ts'
import type { RepoReferenceError } from '../hub/repo-reference.ts'
import type { HubMessage } from './hub-state.ts'
import { localModelMessage } from './user-message.ts'

const TRY_AGAIN = { link: null, step: 'try-again' } as const
const NOTHING = { link: null, step: null } as const
const TOKEN = { link: null, step: 'enter-token' } as const

/** What the user reads when the Hub, or a mirror, does not give what was asked. */
export function hubMessage(error: HubError | HeaderError): HubMessage {
  switch (error.kind) {
    case 'offline':
      return {
        title: 'This machine is offline',
        advice: 'Connect to a network and try again. Models that are stored here run without one.',
        ...TRY_AGAIN,
      }
    case 'network':
      return {
        title: `${error.host} gave no answer that this page may read`,
        advice:
          `It may be down, blocked by a firewall or an extension, or send no CORS headers: a mirror must send Access-Control-Allow-Origin. Check the address under Source and access, and try again. ${detail(error.detail)}`.trim(),
        link: null,
        step: 'check-source',
      }
    case 'timeout':
      return {
        title: `${error.host} did not answer within ${Math.round(error.timeoutMs / 1000)} seconds`,
        advice: 'The connection may be slow or blocked. Try again.',
        ...TRY_AGAIN,
      }
    case 'not-found':
      return notFound(error)
    case 'unauthorized':
      return {
        title: 'The Hub does not accept the token',
        advice:
          'It may be mistyped, have expired or lack the right to read this repository. Enter one with read access.',
        ...TOKEN,
      }
    case 'gated':
      return {
        title: error.hadToken
          ? 'The owner of this token has not been given access'
          : 'This model is gated: its terms must be accepted on the Hub first',
        advice: error.hadToken
          ? 'Accept the terms on the Hub with the account that the token belongs to. Some owners decide by hand, which can take days.'
          : 'Accept the terms on the Hub, make an access token with read rights there, and enter it here.',
        link: { label: 'Read and accept the terms', url: error.termsUrl },
        step: 'enter-token',
      }
    case 'rate-limited':
      return {
        title: 'The Hub asks for fewer requests',
        advice: `Try again ${error.retryAfterMs === null ? 'in a few minutes' : `in ${seconds(error.retryAfterMs)}`}. With a token the limit is higher.`,
        ...TRY_AGAIN,
      }
    case 'server':
      return {
        title: `The Hub answered with an error (${error.status})`,
        advice: `It is not your doing. Try again in a while. ${detail(error.detail)}`.trim(),
        ...TRY_AGAIN,
      }
    case 'bad-response':
      return {
        title: 'The answer cannot be understood',
        advice:
          `Is the address of the Hub or mirror right? Something between may have changed the answer, such as a login page. ${detail(error.detail)}`.trim(),
        link: null,
        step: 'check-source',
      }
    case 'range-unsupported':
      return {
        title: 'This server sends whole files only',
        advice:
          'The model cannot be checked before the download. It can be downloaded all the same, but not resumed in the middle of a file.',
        ...NOTHING,
      }
    case 'bad-header':
      return { ...headerMessage(error), ...NOTHING }
    case 'aborted':
      return { title: 'It was cancelled', advice: 'Try again whenever you like.', ...TRY_AGAIN }
    default:
      return assertNever(error)
  }
}

/** What the user reads when what they typed names no model. */
export function referenceMessage(error: RepoReferenceError): HubMessage {
  const advice = 'Type words to search for, owner/name, or paste the address of a model.'
  switch (error.kind) {
    case 'empty':
      return { title: 'Nothing was typed', advice, ...NOTHING }
    case 'no-owner':
      return { title: `“${error.name}” lacks its owner`, advice, ...NOTHING }
    case 'invalid-name':
      return { title: `“${error.name}” cannot be the name of a model`, advice, ...NOTHING }
    case 'not-a-model':
      return { title: `This is the address of a ${error.what}, not of a model`, advice, ...NOTHING }
    case 'unknown-url':
      return {
        title: 'This address leads to no model that is known here',
        advice: `${advice} If it is a mirror, set its address under Source and access first.`,
        link: null,
        step: 'check-source',
      }
    default:
      return assertNever(error)
  }
}

/** What the user reads when a download stopped for good. */
export function downloadMessage(error: DownloadError): HubMessage {
  switch (error.kind) {
    case 'changed-on-hub':
      return {
        title: `${fileName(error.path)} is another file now than when the download began`,
        advice: `Its ${error.what === 'size' ? 'size' : 'ETag'} was ${error.expected} and is ${error.actual}. Open the repository again to get the files as they are now.`,
        link: null,
        step: 'open-again',
      }
    case 'range-refused':
      return {
        title: `The server refuses a part of ${fileName(error.path)}`,
        advice: 'Its answer (416) fits no file of this size. Try again, or use another mirror.',
        ...TRY_AGAIN,
      }
    case 'no-space':
      return spaceMessage(error)
    case 'hash-mismatch':
      return {
        title: `${fileName(error.path)} arrived damaged and was refused`,
        advice: `Its SHA-256 is ${error.actual.slice(0, 12)}… instead of ${error.expected.slice(0, 12)}…, ${
          error.pieces.length > 0
            ? `also after the bad part (${size(error.pieces.length * error.pieceBytes)}) was fetched again`
            : 'and it was the same when it was fetched twice'
        }. Something on the way or on the server changes it. Try again on another network or mirror.`,
        ...TRY_AGAIN,
      }
    case 'stalled':
      return {
        title: `Nothing came for ${Math.round(error.stallMs / 1000)} seconds, several times`,
        advice: 'What is here is kept. Check the connection and go on.',
        ...TRY_AGAIN,
      }
    case 'storage':
      return {
        title: 'The browser could not store the file',
        advice:
          `What is here is kept. Try again; if it fails again, restart the browser. ${detail(error.detail)}`.trim(),
        ...TRY_AGAIN,
      }
    case 'crashed':
      return {
        title: 'The download stopped unexpectedly',
        advice: `What is here is kept. Go on with it. ${detail(error.detail)}`.trim(),
        ...TRY_AGAIN,
      }
    default:
      return hubMessage(error)
  }
}

/** What the user reads when a stored model could not be used, checked, copied or deleted. */
export function storeMessage(error: StoreError): HubMessage {
  switch (error.kind) {
    case 'not-found':
      return {
        title: 'The model is not stored here any more',
        advice:
          'It was deleted, perhaps in another tab, or the browser evicted it. Download it again.',
        ...NOTHING,
      }
    case 'broken':
      return {
        title: 'The stored model is incomplete',
        advice: `${error.files.length > 0 ? `${listed(error.files)} ${error.files.length === 1 ? 'is' : 'are'} missing or cut off.` : 'What describes it cannot be read.'} Delete it and download it again.`,
        ...NOTHING,
      }
    case 'in-use':
      return {
        title: 'A tab is working on this model',
        advice: 'Wait until it is done there, or stop it there first.',
        ...NOTHING,
      }
    case 'no-space':
      return spaceMessage(error)
    case 'files-do-not-match':
      return {
        title:
          error.missing.length > 0
            ? `${listed(error.missing.map(fileName))} ${error.missing.length === 1 ? 'is' : 'are'} not among the files`
            : 'No file was chosen',
        advice: `Choose all parts of this quantization: name and size must be those of the repository.${error.unexpected.length > 0 ? ` Not part of it: ${listed(error.unexpected)}.` : ''}`,
        ...NOTHING,
      }
    case 'hash-mismatch':
      return {
        title: `${error.file} is not the file of the repository`,
        advice: `Its SHA-256 is ${error.actual.slice(0, 12)}… instead of ${error.expected.slice(0, 12)}…: it is damaged or another version. Copy it again from where it came.`,
        ...NOTHING,
      }
    case 'storage':
      return storageRefused(new Error(error.detail))
    case 'aborted':
      return { title: 'It was cancelled', advice: 'Try again whenever you like.', ...NOTHING }
    default:
      return assertNever(error)
  }
}

/** The browser's storage threw something. */
export function storageRefused(cause: unknown): HubMessage {
  return {
    title: 'The browser’s storage refused',
    advice:
      `Some private windows have none. Try again; if it fails again, restart the browser. ${detail(cause instanceof Error ? cause.message : '')}`.trim(),
    ...TRY_AGAIN,
  }
}

/** What the user reads when the files that they want to keep are no model. */
export function localMessage(error: LocalModelError): HubMessage {
  return { ...localModelMessage(error), ...NOTHING }
}

function spaceMessage(error: Extract<StoreError, { readonly kind: 'no-space' }>): HubMessage {
  const isKnown = error.missingBytes > 0
  const numbers = `The rest needs ${size(error.neededBytes)}, and the browser gives ${size(error.availableBytes)} more. `
  return {
    title: isKnown
      ? `${size(error.missingBytes)} of space are missing`
      : 'The browser has no more space',
    advice: `${isKnown ? numbers : ''}Delete models in Storage or files on this disk, then go on.`,
    link: null,
    step: 'free-space',
  }
}

/** Why nothing arrives just now, though it goes on by itself. */
export function waitWords(wait: DownloadWait, nowMs: number): string {
  switch (wait.reason) {
    case 'offline':
      return 'Offline: goes on when the network is back'
    case 'rate-limited':
      return `The Hub asks to wait: goes on in ${seconds(wait.untilMs - nowMs)}`
    case 'retry':
      return `${downloadMessage(wait.error).title}: next try in ${seconds(wait.untilMs - nowMs)}`
    default:
      return assertNever(wait)
  }
}

function notFound(error: Extract<HubError, { readonly kind: 'not-found' }>): HubMessage {
  if (error.what === 'file') {
    return {
      title: 'The file is not in this commit any more',
      advice: 'Its owner may have removed it. Open the repository again.',
      link: null,
      step: 'open-again',
    }
  }
  if (error.what === 'revision') {
    return {
      title: 'The repository has no such branch, tag or commit',
      advice: 'Leave it out to get the newest files.',
      ...NOTHING,
    }
  }
  return {
    title: error.mayBePrivate
      ? 'There is no such repository, or it is private'
      : 'There is no such repository',
    advice: error.mayBePrivate
      ? 'Check how it is written. For a private one, enter a token that may read it.'
      : 'Check how it is written, or search for it.',
    link: null,
    step: error.mayBePrivate ? 'enter-token' : null,
  }
}

function headerMessage({ error }: HeaderError) {
  const file = 'The file'
  switch (error.kind) {
    case 'truncated-header':
      return localModelMessage({
        kind: 'cut-off',
        file,
        expectedBytes: error.neededBytes,
        isLeast: true,
        actualBytes: error.sizeBytes,
      })
    case 'corrupt':
      return {
        title: 'The file’s header is damaged',
        advice: `Choose another file. ${detail(`${error.detail}, at byte ${error.at}`)}`,
      }
    default:
      return localModelMessage({ ...error, file })
  }
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}

function seconds(ms: number): string {
  const whole = Math.max(1, Math.ceil(ms / 1000))
  return whole < 90 ? `${whole} s` : `${Math.ceil(whole / 60)} minutes`
}

function detail(text: string): string {
  return text === '' ? '' : `(${text})`
}

/** Decimal units, as disks and the Hub show them. */
function size(bytes: number): string {
  return bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(2)} GB`
    : `${(bytes / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`
}
