import { useState } from 'react'
import { Button } from './button.tsx'
import { prettyJson } from './read-json.ts'

/** Results longer than this are folded. */
const FOLD_AT_LINES = 12
const FOLD_AT_CHARACTERS = 1200

/** What a tool returned: JSON set out, text as it is, nothing said in words. */
export function ResultContent({ content }: { readonly content: string }) {
  const [isUnfolded, setIsUnfolded] = useState(false)
  if (content.trim() === '') {
    return <p className="text-xs text-ink-muted">Completed, returned nothing</p>
  }
  const text = prettyJson(content)
  const folded = text.split('\n', FOLD_AT_LINES).join('\n').slice(0, FOLD_AT_CHARACTERS)
  const isLong = folded.length < text.length
  return (
    <div className="min-w-0">
      <pre className="rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs wrap-anywhere whitespace-pre-wrap">
        {isUnfolded || !isLong ? text : `${folded}…`}
      </pre>
      {isLong && (
        <Button
          size="sm"
          tone="ghost"
          aria-expanded={isUnfolded}
          onClick={() => setIsUnfolded(!isUnfolded)}
        >
          {isUnfolded ? 'Show less' : 'Show all'}
        </Button>
      )}
    </div>
  )
}
