import { assertNever } from '../../core/lib/assert-never.ts'
import { err, type Result } from '../../core/lib/result.ts'
import type {
  Download,
  DownloadedFile,
  DownloadError,
  DownloadRequest,
  DownloadState,
  DownloadTuning,
} from '../download-state.ts'
import type { ConnectionBudget } from './connection-budget.ts'
import { createDescription, filesOf, wholeFile } from './describe-download.ts'
import {
  completeEntry,
  isSameContent,
  openEntry,
  takeUrls,
  type OpenEntry,
} from './entry-folder.ts'
import type { Network } from './fetch-range.ts'
import type { JournalFileWriter } from './journal-file.ts'
import type { DownloadCommand } from './protocol.ts'
import { startRun } from './run-download.ts'
import { findSpaceError } from './space.ts'
import { removeEntry } from '../store/opfs.ts'

export type HeldDeps = {
  readonly id: string
  /** The folder of all entries. */
  readonly models: FileSystemDirectoryHandle
  readonly budget: ConnectionBudget
  readonly network: Network
  readonly tuning: DownloadTuning
  readonly askAuthorization: () => Promise<(url: string) => string | null>
}

/** A download whose lock this tab has. */
export type HeldDownload = {
  command(command: DownloadCommand): void
  /** When it is done or cancelled, or was none: the lock may go. */
  readonly ended: Promise<void>
}

/** Runs one entry's download by the commands that come. `publish(null)`: there is none any more. */
export function createHeldDownload(
  deps: HeldDeps,
  publish: (download: Download | null) => void,
): HeldDownload {
  const { id, models, tuning } = deps
  const mailbox = createMailbox()
  const description = createDescription(id)
  let running: AbortController | null = null
  let request: DownloadRequest | null = null
  let files: readonly DownloadedFile[] = []
  let failure: DownloadError | null = null

  function show(state: DownloadState): void {
    if (request) publish(description.describe(request, files, state))
  }

  function fail(error: DownloadError): void {
    failure = error
    show({ type: 'failed', error })
  }

  async function run({
    folder,
    writer,
  }: OpenEntry): Promise<Result<'done' | 'stopped', DownloadError>> {
    show({ type: 'queued' })
    const noSpace = await findSpaceError(folder, writer.journal.request)
    if (noSpace) return err(noSpace)
    const controller = new AbortController()
    running = controller
    const authorization = await deps.askAuthorization()
    description.resetRate()
    const { budget, network } = deps
    const options = { folder, writer, budget, network, tuning, authorization }
    const present = await startRun(options, controller.signal)
    const update = () => {
      const progress = present.progress()
      files = progress.files
      show(progress.isFetched ? { type: 'verifying' } : { type: 'running', wait: progress.wait })
    }
    update()
    const timer = setInterval(update, tuning.progressMs)
    try {
      return await present.outcome
    } finally {
      clearInterval(timer)
      files = present.progress().files
    }
  }

  /** What only a fresh start can put right. */
  function dropWrong(writer: JournalFileWriter): void {
    if (failure?.kind !== 'hash-mismatch' && failure?.kind !== 'changed-on-hub') return
    const { path: wrong } = failure
    const file = writer.journal.request.files.findIndex(({ path }) => path === wrong)
    if (file !== -1) writer.append({ type: 'restart', file })
  }

  function obey(command: DownloadCommand, writer: JournalFileWriter): 'go-on' | 'anew' | 'cancel' {
    switch (command.type) {
      case 'cancel':
        return 'cancel'
      case 'pause':
        writer.append({ type: 'intent', intent: 'pause' })
        return 'go-on'
      case 'start':
        if (!isSameContent(writer.journal.request, command.request)) {
          mailbox.putBack(command)
          return 'anew'
        }
        takeUrls(writer, command.request)
        break
      case 'resume':
      case 'retry':
        break
      default:
        return assertNever(command)
    }
    dropWrong(writer)
    writer.append({ type: 'intent', intent: 'run' })
    return 'go-on'
  }

  /** Runs, and between runs waits for commands, until it is done or a command ends it. */
  async function work(entry: OpenEntry): Promise<'done' | 'anew' | 'cancel'> {
    const { writer } = entry
    for (;;) {
      if (writer.journal.intent === 'run' && mailbox.isEmpty()) {
        const outcome = await run(entry)
        running = null
        if (outcome.ok && outcome.value === 'done') return 'done'
        if (!outcome.ok) {
          // Opening the page again must not start into the same wall.
          writer.append({ type: 'intent', intent: 'pause' })
          fail(outcome.error)
        }
      } else if (mailbox.isEmpty()) show({ type: 'paused' })
      const next = obey(await mailbox.take(), writer)
      if (next !== 'go-on') return next
      failure = null
    }
  }

  async function session(): Promise<'anew' | 'over'> {
    const asked = mailbox.takeStart()
    if (asked) {
      request = asked
      files = asked.files.map((file) => ({ ...wholeFile(file), doneBytes: 0, verifiedBytes: 0 }))
    }
    const entry = await openEntry({ models, id, pieceBytes: tuning.pieceBytes }, asked)
    if (entry === 'complete') {
      files = files.map(wholeFile)
      show({ type: 'done' })
      return 'over'
    }
    if (!entry) {
      publish(null)
      return 'over'
    }
    try {
      if (asked) entry.writer.append({ type: 'intent', intent: 'run' })
      request = entry.writer.journal.request
      files = filesOf(entry.writer.journal)
      const end = await work(entry)
      if (end === 'anew') return end
      if (end === 'done') {
        await completeEntry(entry)
        show({ type: 'done' })
        return 'over'
      }
    } finally {
      running = null
      entry.writer.close()
    }
    await discard()
    return 'over'
  }

  async function discard(): Promise<void> {
    await removeEntry(models, id)
    publish(null)
  }

  async function live(): Promise<void> {
    for (;;) {
      try {
        if ((await session()) === 'over') return
      } catch (cause) {
        if (!request) return publish(null)
        fail({ kind: 'storage', detail: cause instanceof Error ? cause.message : String(cause) })
        const command = await mailbox.take()
        if (command.type === 'cancel') return discard()
        // Whatever else was asked for: it begins with opening the entry again.
        mailbox.putBack({ type: 'start', request })
      }
    }
  }

  return {
    command(command) {
      const isNew = command.type === 'start' && request && !isSameContent(request, command.request)
      if (command.type === 'pause' || command.type === 'cancel' || isNew) running?.abort()
      // What runs need not be told to.
      else if (running) return
      mailbox.put(command)
    },
    // The first command is given right after this returns, and decides what to open.
    ended: Promise.resolve().then(live),
  }
}

function createMailbox() {
  const commands: DownloadCommand[] = []
  let wake: (() => void) | null = null
  return {
    put(command: DownloadCommand): void {
      commands.push(command)
      wake?.()
      wake = null
    },
    putBack: (command: DownloadCommand): number => commands.unshift(command),
    isEmpty: (): boolean => commands.length === 0,
    /** The request of a `start` that is the next command. */
    takeStart(): DownloadRequest | null {
      const [first] = commands
      if (first?.type !== 'start') return null
      commands.shift()
      return first.request
    },
    async take(): Promise<DownloadCommand> {
      for (;;) {
        const command = commands.shift()
        if (command) return command
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
