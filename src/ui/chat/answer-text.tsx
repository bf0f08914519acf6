import { inlineParts, textBlocks } from './text-blocks.ts'

/** Beyond this, splitting into blocks helps no reader: the text is shown as it is. */
const MAX_BLOCK_TEXT = 50_000

/** The text of an answer: plain, with code set apart. No Markdown: what the model wrote is what is shown. */
export function AnswerText({ text }: { readonly text: string }) {
  if (text.length > MAX_BLOCK_TEXT) {
    return <p className="wrap-anywhere whitespace-pre-wrap">{text}</p>
  }
  return (
    <div className="grid gap-2">
      {textBlocks(text).map((block, index) =>
        block.type === 'fence' ? (
          <pre
            key={index}
            tabIndex={0}
            aria-label={block.language ? `Code, ${block.language}` : 'Code'}
            className="overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs"
          >
            {block.text}
          </pre>
        ) : (
          <p key={index} className="wrap-anywhere whitespace-pre-wrap">
            {inlineParts(block.text).map((part, partIndex) =>
              part.type === 'code' ? (
                <code
                  key={partIndex}
                  className="rounded bg-sunken px-1 py-px font-mono text-[0.92em]"
                >
                  {part.text}
                </code>
              ) : (
                part.text
              ),
            )}
          </p>
        ),
      )}
    </div>
  )
}

/** What the model thought before it answered: folded away, and marked as no part of the answer. */
export function Reasoning(props: { readonly text: string; readonly isWriting: boolean }) {
  return (
    <details className="group/reasoning text-sm text-ink-muted">
      <summary className="w-fit rounded text-xs font-medium select-none">
        {props.isWriting ? 'Reasoning…' : 'Reasoning'}
      </summary>
      <p className="mt-1 border-l-2 border-line pl-3 wrap-anywhere whitespace-pre-wrap">
        {props.text.trim()}
      </p>
    </details>
  )
}
