import { Switch as Radix } from 'radix-ui'
import { classNames } from './class-names.ts'

export function Switch(props: {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly label: string
  readonly disabled?: boolean
  readonly size?: 'sm' | 'md'
}) {
  const small = props.size === 'sm'
  return (
    <Radix.Root
      aria-label={props.label}
      checked={props.checked}
      onCheckedChange={props.onChange}
      disabled={props.disabled ?? false}
      className={classNames(
        'shrink-0 rounded-full border border-line-strong bg-sunken p-px transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-45',
        small ? 'h-4 w-7' : 'h-5 w-9',
      )}
    >
      <Radix.Thumb
        className={classNames(
          'block rounded-full bg-line-strong transition-transform data-[state=checked]:bg-on-accent',
          small
            ? 'size-3 data-[state=checked]:translate-x-3'
            : 'size-4 data-[state=checked]:translate-x-4',
        )}
      />
    </Radix.Root>
  )
}
