import { ChevronDown, ChevronUp } from 'lucide-react'
import { useState } from 'react'
import type { GgufHeader } from '../../core/gguf/gguf-header.ts'
import { metadataRows, type MetadataRow } from '../../core/gguf/metadata-rows.ts'
import { Button } from '../kit/button.tsx'
import { CopyButton } from '../kit/copy-button.tsx'
import { formatCount } from '../kit/quantities.ts'
import { SearchField } from './search-field.tsx'

/** Real files have 20 to 60 entries; a broken one may claim thousands. */
const MOST_ROWS = 500
/** A value that is opened shows no more than this; the copy has all of it. */
const MOST_CHARACTERS = 50_000

export function MetadataTab({ header }: { readonly header: GgufHeader }) {
  const [query, setQuery] = useState('')
  const rows = metadataRows(header)
  const found = rows.filter((row) => matches(row, query.trim().toLowerCase()))
  return (
    <>
      <SearchField
        label="Search keys and values"
        value={query}
        onChange={setQuery}
        result={`${formatCount(found.length)} of ${formatCount(rows.length)} entries`}
      />
      <div
        role="region"
        aria-label="Metadata"
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
      >
        <table className="w-full table-fixed text-left">
          <colgroup>
            <col className="w-80" />
            <col />
          </colgroup>
          <thead className="sr-only">
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody className="block @lg:table-row-group">
            {found.slice(0, MOST_ROWS).map((row) => (
              <Entry key={row.key} row={row} />
            ))}
          </tbody>
        </table>
        {found.length === 0 && (
          <p className="p-6 text-center text-sm text-ink-muted">
            {rows.length === 0 ? 'This file has no metadata.' : 'No entry matches.'}
          </p>
        )}
        {found.length > MOST_ROWS && (
          <p className="p-3 text-xs text-ink-muted">
            {`The first ${MOST_ROWS} are shown. Search to see others.`}
          </p>
        )}
      </div>
    </>
  )
}

/** At phone width the key stands above its value. */
function Entry({ row }: { readonly row: MetadataRow }) {
  const [isOpen, setIsOpen] = useState(false)
  const isLong = row.fullText !== null
  return (
    <tr className="block border-b border-line align-top hover:bg-sunken @lg:table-row">
      <th
        scope="row"
        className="block px-3 pt-1.5 font-mono text-xs font-normal break-words text-ink-muted @lg:table-cell @lg:py-1.5"
      >
        {row.key}
      </th>
      <td className="block px-3 pb-1.5 @lg:table-cell @lg:py-1.5 @lg:pl-0">
        <div className="flex items-start gap-2">
          <div className="min-w-0 flex-1 font-mono text-xs break-words">
            {isOpen && row.fullText !== null ? (
              <pre
                tabIndex={0}
                aria-label={row.key}
                className="max-h-80 overflow-auto rounded-md bg-sunken p-2 whitespace-pre-wrap"
              >
                {row.fullText.slice(0, MOST_CHARACTERS)}
              </pre>
            ) : (
              row.text || <span className="text-ink-faint">empty</span>
            )}
          </div>
          {isLong && (
            <div className="-my-1 flex shrink-0 items-center">
              <CopyButton label={`Copy ${row.key}`} text={() => row.fullText ?? row.text} />
              <Button
                size="sm"
                tone="ghost"
                aria-expanded={isOpen}
                aria-label={`${isOpen ? 'Less' : 'All'} of ${row.key}`}
                onClick={() => setIsOpen(!isOpen)}
              >
                {isOpen ? <ChevronUp /> : <ChevronDown />}
                {isOpen ? 'Less' : 'All'}
              </Button>
            </div>
          )}
        </div>
      </td>
    </tr>
  )
}

function matches(row: MetadataRow, query: string): boolean {
  return [row.key, row.fullText ?? row.text].some((text) => text.toLowerCase().includes(query))
}
