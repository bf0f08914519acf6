import { useRef } from 'react'
import type { PickedFile } from '../../store/state.ts'
import { Button, type ButtonProps } from '../kit/button.tsx'
import { isModelFile, modelFilesIn } from '../kit/picked-files.ts'
import { FilesField } from './files-field.tsx'
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
      <FilesField
        ref={input}
        label={label}
        onFiles={(files) => onFiles(files.filter(({ path }) => isModelFile(path)))}
      />
      <Button {...rest} onClick={() => void pick()} />
    </>
  )
}
