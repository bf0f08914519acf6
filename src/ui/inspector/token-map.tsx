import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { surpriseBits, type AnswerToken } from '../../core/chat/token-info.ts'
import { Button } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { formatCount } from '../kit/quantities.ts'
import { percent, visibleText } from './token-words.ts'

/** More than this take the page long enough to be felt, so the rest is shown on demand. */
const SHOWN_AT_FIRST = 3000

/** At this surprise the colour is full: a chance of one in eight. */
const FULL_HEAT_BITS = 3

/** Less likely than this deserves a mark of its own. */
const UNLIKELY = Math.log(0.1)

/** Every token as a tile whose colour says how unexpected it was. One is selected; the arrow keys move it. */
export function TokenMap(props: {
  readonly tokens: readonly AnswerToken[]
  readonly forkedAt: number | null
  readonly selected: number
  readonly onSelect: (index: number) => void
}) {
  const { tokens, selected, onSelect } = props
  const [showsAll, setShowsAll] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const shown = showsAll ? tokens : tokens.slice(0, SHOWN_AT_FIRST)

  useEffect(() => {
    list.current?.querySelector(`[data-token="${selected}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [selected])

  function onKeyDown(event: KeyboardEvent) {
    const target = targetOf(event.key, selected, shown.length - 1)
    if (target === null) return
    event.preventDefault()
    onSelect(target)
  }

  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-3 py-2.5">
      <div
        ref={list}
        role="listbox"
        aria-label="Tokens"
        aria-activedescendant={`token-${selected}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="rounded font-mono text-xs leading-[1.9] wrap-anywhere whitespace-pre-wrap focus-visible:outline-offset-4"
      >
        {shown.map((token, index) => (
          <Tile
            key={index}
            token={token}
            index={index}
            isSelected={index === selected}
            isKept={props.forkedAt !== null && token.at < props.forkedAt}
            onSelect={onSelect}
          />
        ))}
      </div>
      {shown.length < tokens.length && (
        <p className="mt-3 flex flex-wrap items-center gap-2 border-t border-line pt-2 text-xs text-ink-muted">
          The first {formatCount(shown.length)} of {formatCount(tokens.length)} tokens.
          <Button size="sm" onClick={() => setShowsAll(true)}>
            Show all
          </Button>
        </p>
      )}
    </div>
  )
}

function Tile(props: {
  readonly token: AnswerToken
  readonly index: number
  readonly isSelected: boolean
  /** It was kept from the answer before. */
  readonly isKept: boolean
  readonly onSelect: (index: number) => void
}) {
  const { token, index } = props
  const heat = Math.min(1, surpriseBits(token.logprob) / FULL_HEAT_BITS)
  return (
    // The keys are the list box's.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <span
      role="option"
      tabIndex={-1}
      id={`token-${index}`}
      data-token={index}
      aria-selected={props.isSelected}
      aria-label={`${visibleText(token.text)}, ${percent(token.logprob)}`}
      title={`${percent(token.logprob)}${token.id === null ? '' : ` · id ${token.id}`}`}
      onClick={() => props.onSelect(index)}
      style={{
        backgroundColor: `color-mix(in srgb, var(--mark) ${Math.round(heat * 100)}%, transparent)`,
      }}
      className={classNames(
        'mr-0.5 cursor-pointer rounded-xs border-b-2 py-0.5 outline-offset-[-1px] hover:outline hover:outline-line-strong',
        token.logprob < UNLIKELY ? 'border-bad' : 'border-line',
        props.isSelected && 'outline-2! outline-accent!',
        props.isKept && 'opacity-75',
      )}
    >
      {visibleText(token.text)}
      {token.text.includes('\n') && '\n'}
    </span>
  )
}

function targetOf(key: string, at: number, last: number): number | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return Math.min(last, at + 1)
    case 'ArrowLeft':
    case 'ArrowUp':
      return Math.max(0, at - 1)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return null
  }
}
