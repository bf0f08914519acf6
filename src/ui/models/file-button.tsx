import { useId, useRef } from 'react'
import { Button, type ButtonProps } from '../kit/button.tsx'

/** A button that lets the user choose GGUF files. */
export function FileButton({
  label,
  onFiles,
  ...rest
}: Omit<ButtonProps, 'onClick'> & {
  /** Names the input for screen readers. */
  readonly label: string
  readonly onFiles: (files: readonly File[]) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  return (
    <>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <input
        ref={input}
        id={id}
        type="file"
        accept=".gguf"
        multiple
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          // Lets the same file be chosen again after a failure.
          event.target.value = ''
          if (files.length > 0) onFiles(files)
        }}
      />
      <Button {...rest} onClick={() => input.current?.click()} />
    </>
  )
}
