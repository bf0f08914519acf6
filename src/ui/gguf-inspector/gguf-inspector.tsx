import { Tabs } from 'radix-ui'
import { useState, type ReactNode } from 'react'
import type { GgufHeader } from '../../core/gguf/gguf-header.ts'
import { joinShards } from '../../core/gguf/join-shards.ts'
import { reportTensors } from '../../core/gguf/tensor-report.ts'
import { assertNever } from '../../core/lib/assert-never.ts'
import { formatBytes, formatCount } from '../kit/quantities.ts'
import { BitsTab } from './bits-tab.tsx'
import { formatBits, formatWeights } from './figures.ts'
import { MetadataTab } from './metadata-tab.tsx'
import { TemplateTab } from './template-tab.tsx'
import { TensorsTab } from './tensors-tab.tsx'

type Tab = 'metadata' | 'tensors' | 'bits' | 'template'

const TABS: readonly { readonly tab: Tab; readonly label: string }[] = [
  { tab: 'metadata', label: 'Metadata' },
  { tab: 'tensors', label: 'Tensors' },
  { tab: 'bits', label: 'Bits' },
  { tab: 'template', label: 'Chat template' },
]

/**
 * What the header of a GGUF file says. Takes data only, so it is the same for a file on the Hub, a stored model and a
 * local file. Fills the height that it is given.
 */
export function GgufInspector(props: {
  /** Of the first shard, which holds the metadata. */
  readonly header: GgufHeader
  /** Headers of the other shards, as far as they were read. */
  readonly otherShards?: readonly GgufHeader[]
  /** All shards together. */
  readonly sizeBytes: number
  readonly name: string
}) {
  const [tab, setTab] = useState<Tab>('metadata')
  const header = joinShards(props.header, props.otherShards ?? [])
  return (
    <section
      aria-label={`Inside ${props.name}`}
      className="@container flex h-full min-h-0 min-w-0 flex-col"
    >
      <Summary header={header} sizeBytes={props.sizeBytes} />
      <MissingShards header={header} />
      <Tabs.Root
        value={tab}
        onValueChange={(value) => {
          const chosen = TABS.find((entry) => entry.tab === value)
          if (chosen) setTab(chosen.tab)
        }}
        className="flex min-h-0 flex-1 flex-col"
      >
        <Tabs.List
          aria-label={`Inside ${props.name}`}
          className="flex h-10 shrink-0 items-stretch gap-1 overflow-x-auto overflow-y-hidden border-b border-line px-2"
        >
          {TABS.map((entry) => (
            <Tabs.Trigger
              key={entry.tab}
              value={entry.tab}
              className="border-b-2 border-transparent px-2.5 text-sm font-medium whitespace-nowrap text-ink-muted hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-ink"
            >
              {entry.label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value={tab} tabIndex={-1} className="flex min-h-0 flex-1 flex-col">
          <TabContent tab={tab} header={header} />
        </Tabs.Content>
      </Tabs.Root>
    </section>
  )
}

function TabContent({ tab, header }: { readonly tab: Tab; readonly header: GgufHeader }) {
  switch (tab) {
    case 'metadata':
      return <MetadataTab header={header} />
    case 'tensors':
      return <TensorsTab rows={reportTensors(header.tensors).rows} />
    case 'bits':
      return <BitsTab report={reportTensors(header.tensors)} />
    case 'template':
      return <TemplateTab header={header} />
    default:
      return assertNever(tab)
  }
}

function Summary(props: { readonly header: GgufHeader; readonly sizeBytes: number }) {
  const { header } = props
  const report = reportTensors(header.tensors)
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Architecture', header.architecture || 'not given'],
    ['Parameters', formatWeights(header.parameterCount)],
    [
      'Context',
      header.contextLength === null ? 'not given' : `${formatCount(header.contextLength)} tokens`,
    ],
    ['Quantization', header.fileType ?? report.baseType ?? 'unknown'],
    ['Bits per weight', formatBits(report.bitsPerWeight)],
    ['Size', formatBytes(props.sizeBytes)],
  ]
  return (
    <dl className="grid shrink-0 grid-cols-2 gap-x-6 gap-y-1.5 border-b border-line px-3 py-2.5 text-sm @md:grid-cols-3 @3xl:flex @3xl:flex-wrap @3xl:gap-x-8">
      {facts.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="text-xs text-ink-muted">{label}</dt>
          <dd className="truncate font-medium tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function MissingShards({ header }: { readonly header: GgufHeader }) {
  const total = header.split?.tensorCount ?? null
  if (total === null || header.tensorCount >= total) return null
  return (
    <p className="shrink-0 border-b border-line bg-info-soft px-3 py-1.5 text-xs text-info">
      {`The headers that were read list ${formatCount(header.tensorCount)} of the model’s ${formatCount(total)} tensors: figures on tensors and bits are of these.`}
    </p>
  )
}
