import { useRef } from 'react'
import type { PickedFile } from '../../store/state.ts'
import { Button, type ButtonProps } from '../kit/button.tsx'
import { FilesField } from './files-field.tsx'
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

  async function pick() {
    const files = await pickModelFiles()
    if (files === null) input.current?.click()
    else if (files.length > 0) onFiles(files)
  }

  return (
    <>
      <FilesField
        ref={input}
        label={label}
        accept=".gguf"
        multiple
        onFiles={(files) => files.length > 0 && onFiles(files)}
      />
      <Button {...rest} onClick={() => void pick()} />
    </>
  )
}
