import { Button, type ButtonProps } from '../kit/button.tsx'
import { canPickFolder, modelFilesIn, pickFolder } from './folders.ts'

/** A button that lets the user choose a folder, for its GGUF files. Not there where the browser has no such thing. */
export function FolderButton({
  onFiles,
  ...rest
}: Omit<ButtonProps, 'onClick'> & { readonly onFiles: (files: readonly File[]) => void }) {
  if (!canPickFolder()) return null

  async function pick() {
    const folder = await pickFolder('read')
    if (folder) onFiles(await modelFilesIn(folder))
  }

  return <Button {...rest} onClick={() => void pick()} />
}
