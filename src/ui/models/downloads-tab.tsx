import { ArrowDownToLine } from 'lucide-react'
import { useAppStore } from '../use-app-store.ts'
import { Button } from '../kit/button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { DownloadCard } from './download-card.tsx'

/** What is on its way, in this tab and in others. */
export function DownloadsTab() {
  const downloads = useAppStore((state) => state.downloads)
  const show = useAppStore((state) => state.showModels)
  if (downloads.length === 0) {
    return (
      <EmptyState icon={<ArrowDownToLine />} title="Nothing is being downloaded">
        <p>A download goes on when this dialog is closed, and after a reload.</p>
        <Button className="mt-3" onClick={() => show('find')}>
          Find a model
        </Button>
      </EmptyState>
    )
  }
  return (
    <ul className="grid gap-3 p-4 sm:p-5">
      {downloads.map((download) => (
        <li key={download.id}>
          <DownloadCard download={download} />
        </li>
      ))}
    </ul>
  )
}
