import { CircleCheck } from 'lucide-react'
import type { HubSlice } from '../../store/hub-state.ts'
import { formatBytes } from '../kit/quantities.ts'
import { ProgressBar } from '../kit/progress-bar.tsx'
import { timeLeft } from './time-left.ts'

type Download = HubSlice['downloads'][number]
type DownloadedFile = Download['files'][number]

/** Each file of a download; folded when there is only one, whose figures are those of the whole. */
export function DownloadFiles({ download }: { readonly download: Download }) {
  const { files } = download
  const isMoving = download.state.type === 'running'
  const cannotResume = files.some((file) => !file.canResume)
  return (
    <>
      {cannotResume && (
        <p className="text-xs text-warn">
          This server sends whole files only: after a break a file starts again from its first byte.
        </p>
      )}
      <details open={files.length > 1 && files.length <= 4}>
        <summary className="w-fit rounded-md text-xs text-ink-muted hover:text-ink">
          {files.length === 1 ? 'The file' : `${files.length} files`}
        </summary>
        <ul className="mt-1.5 grid gap-2">
          {files.map((file) => (
            <li key={file.path} className="grid gap-1 text-xs">
              <p className="flex flex-wrap justify-between gap-x-3">
                <code className="font-mono wrap-anywhere">{file.path}</code>
                <Figures file={file} isMoving={isMoving} />
              </p>
              <ProgressBar
                value={file.sizeBytes === 0 ? 1 : file.doneBytes / file.sizeBytes}
                label={file.path}
              />
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}

function Figures(props: { readonly file: DownloadedFile; readonly isMoving: boolean }) {
  const { sizeBytes, doneBytes, verifiedBytes, bytesPerSecond, secondsLeft } = props.file
  if (verifiedBytes >= sizeBytes) {
    return (
      <span className="inline-flex items-center gap-1 text-good tabular-nums">
        <CircleCheck className="size-3.5" aria-hidden="true" />
        {formatBytes(sizeBytes)}, verified
      </span>
    )
  }
  return (
    <span className="text-ink-muted tabular-nums">
      {formatBytes(doneBytes)} of {formatBytes(sizeBytes)}
      {props.isMoving && bytesPerSecond > 0 && `, ${formatBytes(bytesPerSecond)}/s`}
      {props.isMoving &&
        secondsLeft !== null &&
        secondsLeft > 0 &&
        `, ${timeLeft(secondsLeft)} left`}
    </span>
  )
}
