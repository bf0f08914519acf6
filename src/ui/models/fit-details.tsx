import type { BackendFit, FitLine, FitReport } from '../../core/gguf/fit.ts'
import { assertNever } from '../../core/lib/assert-never.ts'
import { formatBytes } from '../kit/quantities.ts'
import { FitBadge } from './fit-badge.tsx'

/** The numbers behind a verdict: what has to fit into what, on the CPU and the GPU. */
export function FitDetails(props: { readonly fit: FitReport; readonly isExact: boolean }) {
  const { fit } = props
  const { weightsBytes, kvCacheBytes, computeBytes } = fit.memory
  return (
    <div className="grid gap-3">
      <p className="text-xs text-ink-muted">
        {`Weights ${formatBytes(weightsBytes)} + context cache ${formatBytes(kvCacheBytes)} + working memory about ${formatBytes(computeBytes)}. ${
          props.isExact
            ? 'From the header of this very file.'
            : 'Estimated from the header of another quantization.'
        } Runs best on ${fit.backend === 'cpu' ? 'the CPU' : 'the GPU'} here.`}
      </p>
      <table className="w-full max-w-2xl border-collapse text-xs">
        <caption className="sr-only">What has to fit into what</caption>
        <thead>
          <tr className="text-left text-ink-muted">
            <th className="py-1 pr-3 font-medium">What</th>
            <th className="py-1 pr-3 text-right font-medium">Needs</th>
            <th className="py-1 pr-3 text-right font-medium">Has</th>
            <th className="py-1 font-medium">Verdict</th>
          </tr>
        </thead>
        <tbody>
          <Backend name="CPU" fit={fit.cpu} />
          {fit.webgpu && <Backend name="GPU" fit={fit.webgpu} />}
          {fit.storage && <Line name="" line={fit.storage} />}
        </tbody>
      </table>
      {!fit.webgpu && (
        <p className="text-xs text-ink-muted">
          No WebGPU adapter that the engine can use was found: the CPU computes.
        </p>
      )}
    </div>
  )
}

function Backend(props: { readonly name: string; readonly fit: BackendFit }) {
  return props.fit.lines.map((line) => (
    <Line key={`${props.name} ${line.what}`} name={props.name} line={line} />
  ))
}

function Line({ name, line }: { readonly name: string; readonly line: FitLine }) {
  return (
    <tr className="border-t border-line">
      <td className="py-1 pr-3">
        {name && <span className="mr-1.5 font-medium">{name}</span>}
        {wordsOf(line)}
      </td>
      <td className="py-1 pr-3 text-right whitespace-nowrap tabular-nums">
        {formatBytes(line.neededBytes)}
      </td>
      <td className="py-1 pr-3 text-right whitespace-nowrap tabular-nums">
        {line.limitBytes === null ? 'not told' : formatBytes(line.limitBytes)}
      </td>
      <td className="py-1">
        <FitBadge verdict={line.verdict} />
      </td>
    </tr>
  )
}

function wordsOf({ what, subject }: FitLine): string {
  switch (what) {
    case 'heap':
      return 'The engine’s memory (4 GiB at most)'
    case 'largest-tensor':
      return `Largest tensor${subject ? `, ${subject},` : ''} in one buffer`
    case 'cache-tensor':
      return 'Context cache of one layer in one buffer'
    case 'memory':
      return 'Memory of this machine'
    case 'storage':
      return 'Storage for the download'
    default:
      return assertNever(what)
  }
}
