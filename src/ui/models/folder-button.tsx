import { useId, useRef } from 'react'
import type { PickedFile } from '../../store/state.ts'
import { Button, type ButtonProps } from '../kit/button.tsx'
import { isModelFile, modelFilesIn, plainFiles } from '../kit/picked-files.ts'
import { canPickFolder, pickFolder } from './folders.ts'

/** A button that lets the user choose a folder, for its GGUF files. */
export function FolderButton({
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
    if (!canPickFolder()) return pickPlainly()
    const folder = await pickFolder('read')
    if (folder) onFiles(await modelFilesIn(folder))
  }

  function pickPlainly() {
    const field = input.current
    if (!field) return
    field.webkitdirectory = true
    field.click()
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
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const files = plainFiles(event.target.files ?? [])
          event.target.value = ''
          onFiles(files.filter(({ path }) => isModelFile(path)))
        }}
      />
      <Button {...rest} onClick={() => void pick()} />
    </>
  )
}
