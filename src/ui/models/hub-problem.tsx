import { CircleAlert, ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'
import type { HubMessage } from '../../store/hub-state.ts'

/** What went wrong with the Hub or the store, what to do, and the controls to do it. */
export function HubProblem(props: {
  readonly message: HubMessage
  /** Buttons and fields. */
  readonly children?: ReactNode
}) {
  const { title, advice, link } = props.message
  return (
    <div role="alert" className="flex items-start gap-3 rounded-lg bg-bad-soft p-3">
      <CircleAlert className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="grid min-w-0 flex-1 gap-1.5">
        <p className="font-medium wrap-anywhere text-bad">{title}</p>
        <p className="text-sm wrap-anywhere">{advice}</p>
        {/* The accent has too little contrast here. */}
        {link && (
          <p className="[&_a]:text-ink">
            <OutsideLink url={link.url}>{link.label}</OutsideLink>
          </p>
        )}
        {props.children && <div className="mt-1 flex flex-wrap gap-2">{props.children}</div>}
      </div>
    </div>
  )
}

/** Leads out of the app, to a page that does not learn from where. */
export function OutsideLink(props: { readonly url: string; readonly children: ReactNode }) {
  return (
    <a
      href={props.url}
      target="_blank"
      rel="noreferrer"
      className="inline-flex items-center gap-1 text-sm font-medium text-accent underline underline-offset-2 hover:text-accent-hover"
    >
      {props.children}
      <ExternalLink className="size-3.5 shrink-0" aria-hidden="true" />
      <span className="sr-only">(opens in a new tab)</span>
    </a>
  )
}
