import { useEffect } from 'react'
import { droppedFiles, isModelFile } from '../kit/picked-files.ts'
import type { PickedFile } from '../../store/state.ts'
import { useAppStoreApi } from '../use-app-store.ts'

/** Files and folders dropped anywhere: models are opened, anything else is read as tool definitions. Never leaves the page. */
export function useFileDrop(): void {
  const store = useAppStoreApi()
  useEffect(() => {
    function onDragOver(event: DragEvent) {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    }
    async function importFiles(files: readonly PickedFile[]) {
      for (const { file } of files) store.getState().importTools(await file.text())
    }
    async function take(dropped: Promise<readonly PickedFile[]>) {
      const files = await dropped
      const models = files.filter(({ path }) => isModelFile(path))
      const definitions = files.filter(({ path }) => /\.(json|txt)$/i.test(path))
      // Any other file is tried as a model too: the message then says what it really is.
      if (models.length > 0 || definitions.length === 0) {
        store.getState().showModels('running')
        void store.getState().offerModelFiles(models.length > 0 ? models : files, 'open')
      }
      await importFiles(definitions)
    }
    function onDrop(event: DragEvent) {
      const { dataTransfer } = event
      if (event.defaultPrevented || !dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      void take(droppedFiles(dataTransfer))
    }
    window.addEventListener('dragover', onDragOver)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragover', onDragOver)
      window.removeEventListener('drop', onDrop)
    }
  }, [store])
}
