import { ExampleCards } from './example-prompts.tsx'

/** What an empty conversation says: what happens here, and what to try. */
export function Welcome() {
  return (
    <div className="grid gap-5 pt-6 @lg:pt-12">
      <div className="grid gap-1.5">
        <h3 className="text-lg font-semibold tracking-tight">Ask, and watch the call</h3>
        <p className="max-w-prose text-ink-muted">
          The model runs in this tab and knows your tools. When it calls one, the call is checked
          argument by argument; nothing is executed, you say what the tool returns.
        </p>
      </div>
      <ExampleCards />
    </div>
  )
}
