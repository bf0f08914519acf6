import { useId, useRef } from 'react'
import type { PickedFile } from '../../store/state.ts'
import { Button, type ButtonProps } from '../kit/button.tsx'
import { plainFiles } from '../kit/picked-files.ts'
import { pickModelFiles } from './folders.ts'

/** A button that lets the user choose GGUF files: with the browser's own dialog, whose files can be opened again later, or a plain file field. */
export function FileButton({
  label,
  onFiles,
  ...rest
}: Omit<ButtonProps, 'onClick'> & {
  /** Names the input for screen readers. */
  readonly label: string
  readonly onFiles: (files: readonly PickedFile[]) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const id = useId()

  async function pick() {
    const files = await pickModelFiles()
    if (files === null) input.current?.click()
    else if (files.length > 0) onFiles(files)
  }

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
          const files = plainFiles(event.target.files ?? [])
          // Lets the same file be chosen again after a failure.
          event.target.value = ''
          if (files.length > 0) onFiles(files)
        }}
      />
      <Button {...rest} onClick={() => void pick()} />
    </>
  )
}
