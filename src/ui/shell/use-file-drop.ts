import { useEffect } from 'react'
import { useAppStoreApi } from '../use-app-store.ts'

/** Files dropped anywhere: models are opened, anything else is read as tool definitions. Never leaves the page. */
export function useFileDrop(): void {
  const store = useAppStoreApi()
  useEffect(() => {
    function onDragOver(event: DragEvent) {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    }
    async function importFiles(files: readonly File[]) {
      for (const file of files) store.getState().importTools(await file.text())
    }
    function onDrop(event: DragEvent) {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      const files = [...event.dataTransfer.files]
      const models = files.filter((file) => /\.gguf$/i.test(file.name))
      const definitions = files.filter((file) => /\.(json|txt)$/i.test(file.name))
      if (definitions.length > 0) void importFiles(definitions)
      // Any other file is tried as a model too: the message then says what it really is.
      if (models.length > 0 || definitions.length === 0) {
        store.getState().showModels('running')
        void store.getState().openModelFiles(models.length > 0 ? models : files)
      }
    }
    window.addEventListener('dragover', onDragOver)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragover', onDragOver)
      window.removeEventListener('drop', onDrop)
    }
  }, [store])
}
