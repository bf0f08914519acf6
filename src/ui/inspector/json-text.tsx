import type { JsonValue } from '../../core/lib/json.ts'
import { classNames } from '../kit/class-names.ts'

/** A JSON value in the colour of its type. */
export function JsonText(props: { readonly value: JsonValue; readonly className?: string }) {
  return (
    <span
      className={classNames(
        'font-mono text-xs wrap-anywhere whitespace-pre-wrap',
        colorOf(props.value),
        props.className,
      )}
    >
      {typeof props.value === 'object' && props.value !== null
        ? JSON.stringify(props.value, null, 2)
        : JSON.stringify(props.value)}
    </span>
  )
}

function colorOf(value: JsonValue): string {
  switch (typeof value) {
    case 'string':
      return 'text-good'
    case 'number':
      return 'text-info'
    case 'boolean':
      return 'text-warn'
    default:
      return value === null ? 'text-warn' : 'text-ink'
  }
}
