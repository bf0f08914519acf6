import type { BumpedRoles, TensorGroup, TensorReport } from '../../core/gguf/tensor-report.ts'
import { formatBytes } from '../kit/quantities.ts'
import { BitMap } from './bit-map.tsx'
import { bumpSentence } from './bump-words.ts'
import { ChangeMark } from './change-mark.tsx'
import { formatBits, formatShare } from './figures.ts'

/** How many bits each part of the model got: in words, by layer and role, by type, by role. */
export function BitsTab({ report }: { readonly report: TensorReport }) {
  return (
    <div
      role="region"
      aria-label="Bits per weight"
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
    >
      <div className="grid gap-6 p-4">
        <InWords report={report} />
        <section className="grid min-w-0 gap-2">
          <h3 className="text-sm font-semibold">By layer and role</h3>
          <BitMap matrix={report.matrix} baseType={report.baseType} />
        </section>
        <div className="grid gap-6 @3xl:grid-cols-2">
          <Shares title="By role" groups={report.byRole} wholeBytes={report.bytes} />
          <Shares title="By type" groups={report.byType} wholeBytes={report.bytes} />
        </div>
      </div>
    </div>
  )
}

function InWords({ report }: { readonly report: TensorReport }) {
  const { baseType, bumps } = report
  return (
    <section className="grid gap-1.5">
      <h3 className="text-sm font-semibold">In words</h3>
      <p className="max-w-prose text-sm">
        {baseType === null
          ? 'No tensor is of a type that this reader knows.'
          : `Most weights of the layers are ${baseType}. All tensors together take ${formatBits(report.bitsPerWeight)} bits per weight. ${
              bumps.length === 0 ? 'Nothing was raised above that type or lowered below it.' : ''
            }`}
      </p>
      {bumps.length > 0 && (
        <ul className="grid max-w-prose gap-1 text-sm">
          {bumps.map((bump) => (
            <li key={bumpKey(bump)} className="flex items-baseline gap-2">
              <span className="translate-y-0.5">
                <ChangeMark change={bump.change} />
              </span>
              <span className="min-w-0">{bumpSentence(bump)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function bumpKey({ change, type, roles, layers }: BumpedRoles): string {
  return [change, type, ...roles, layers?.join(' ')].join('|')
}

/** A bar for the share of the file, and the bits beside it. */
function Shares(props: {
  readonly title: string
  readonly groups: readonly TensorGroup<string | null>[]
  readonly wholeBytes: number
}) {
  return (
    <section className="grid min-w-0 content-start gap-2">
      <h3 className="text-sm font-semibold">{props.title}</h3>
      <table className="w-full text-xs">
        <thead>
          <tr className="text-left text-ink-muted">
            <th scope="col" className="w-28 pb-1 font-normal">
              {props.title.replace('By ', '').replace(/^./, (letter) => letter.toUpperCase())}
            </th>
            <th scope="col" className="pb-1 font-normal">
              Share of the file
            </th>
            <th scope="col" className="w-14 pb-1 text-right font-normal">
              Bits
            </th>
            <th scope="col" className="w-20 pb-1 text-right font-normal">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {props.groups.map((group) => (
            <tr key={group.key} className="border-t border-line">
              <th
                scope="row"
                className="max-w-28 truncate py-1 pr-2 text-left font-mono font-normal"
                title={group.key ?? 'unknown'}
              >
                {group.key ?? 'unknown'}
              </th>
              <td aria-label={formatShare(group.bytes, props.wholeBytes)} className="py-1">
                <span className="flex items-center gap-2">
                  <span className="h-2 min-w-0 flex-1 rounded-full bg-sunken ring-1 ring-line ring-inset">
                    <span
                      className="block h-full rounded-full bg-accent"
                      style={{ width: `${sharePercent(group.bytes, props.wholeBytes)}%` }}
                    />
                  </span>
                  <span className="w-12 text-right tabular-nums">
                    {formatShare(group.bytes, props.wholeBytes)}
                  </span>
                </span>
              </td>
              <td className="py-1 text-right tabular-nums">{formatBits(group.bitsPerWeight)}</td>
              <td className="py-1 text-right tabular-nums">{formatBytes(group.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function sharePercent(bytes: number, wholeBytes: number): number {
  return wholeBytes > 0 ? (bytes / wholeBytes) * 100 : 0
}
