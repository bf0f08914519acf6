import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'

const BASE =
  'inline-flex items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors disabled:opacity-45'

const TONES = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'border border-line bg-surface text-ink hover:bg-sunken hover:border-line-strong',
  ghost: 'text-ink-muted hover:bg-accent-soft hover:text-ink',
  danger: 'bg-bad-soft text-bad hover:brightness-95',
}

const SIZES = {
  sm: 'h-7 px-2 text-xs [&_svg]:size-3.5',
  md: 'h-8 px-3 text-sm [&_svg]:size-4',
}

export type ButtonProps = ComponentProps<'button'> & {
  readonly tone?: keyof typeof TONES
  readonly size?: keyof typeof SIZES
}

export function Button({ tone = 'secondary', size = 'md', className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classNames(BASE, TONES[tone], SIZES[size], className)}
      {...rest}
    />
  )
}

export type IconButtonProps = Omit<ButtonProps, 'children' | 'aria-label'> & {
  /** The accessible name, shown as a tooltip too. */
  readonly label: string
  readonly shortcut?: string
  readonly children: ReactNode
}

/** A button with only an icon: it always has a name. */
export function IconButton({
  label,
  shortcut,
  size = 'md',
  tone = 'ghost',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tooltip={label}
      data-shortcut={shortcut}
      className={classNames(
        BASE,
        TONES[tone],
        size === 'sm' ? 'size-7 [&_svg]:size-3.5' : 'size-8 [&_svg]:size-4',
        'shrink-0',
        className,
      )}
      {...rest}
    />
  )
}
