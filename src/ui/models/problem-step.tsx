import { FolderSearch, HardDrive, RotateCw } from 'lucide-react'
import { assertNever } from '../../core/lib/assert-never.ts'
import type { HubMessage } from '../../store/hub-state.ts'
import { Button } from '../kit/button.tsx'
import { useAppStore } from '../use-app-store.ts'
import { TokenField } from './token-field.tsx'

/** The control that leads on from a problem. */
export function ProblemStep(props: {
  readonly message: HubMessage
  readonly retryLabel?: string
  readonly onRetry: () => void
  /** Opens the repository again, as it is now. */
  readonly onOpenAgain?: () => void
}) {
  const show = useAppStore((state) => state.showModels)
  const retry = (
    <Button size="sm" onClick={props.onRetry}>
      <RotateCw /> {props.retryLabel ?? 'Try again'}
    </Button>
  )
  switch (props.message.step) {
    case null:
      return null
    case 'try-again':
    case 'check-source':
      return retry
    case 'enter-token':
      return <TokenField onTaken={props.onRetry} />
    case 'free-space':
      return (
        <>
          <Button size="sm" onClick={() => show('storage')}>
            <HardDrive /> Show what is stored
          </Button>
          {retry}
        </>
      )
    case 'open-again':
      return (
        <Button size="sm" onClick={props.onOpenAgain ?? props.onRetry}>
          <FolderSearch /> Open the repository
        </Button>
      )
    default:
      return assertNever(props.message.step)
  }
}
