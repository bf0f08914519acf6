import { ArrowLeft } from 'lucide-react'
import { Suspense } from 'react'
import { assertNever } from '../../core/lib/assert-never.ts'
import type { Inspection } from '../../store/hub-state.ts'
import { IconButton } from '../kit/button.tsx'
import { ProgressBar } from '../kit/progress-bar.tsx'
import { useAppStore } from '../use-app-store.ts'
import { HubProblem } from './hub-problem.tsx'
import type { Inspector } from './models-dialog.tsx'
import { ProblemStep } from './problem-step.tsx'
import { useHeadingFocus } from './use-heading-focus.ts'

/** What is inside a model's files, over the whole dialog. */
export function InspectionView(props: {
  readonly inspection: Inspection
  readonly inspector: Inspector
}) {
  const close = useAppStore((state) => state.closeInspection)
  const heading = useHeadingFocus()
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 items-center gap-1.5 border-b border-line px-3 py-1.5">
        <IconButton label="Back" onClick={close}>
          <ArrowLeft />
        </IconButton>
        <h3 ref={heading} tabIndex={-1} className="min-w-0 truncate font-semibold">
          {props.inspection.name}
        </h3>
      </div>
      <div className="min-h-0 flex-1">
        <Content {...props} />
      </div>
    </div>
  )
}

function Content(props: { readonly inspection: Inspection; readonly inspector: Inspector }) {
  const { name, sizeBytes, target, check: own } = props.inspection
  const { inspector: Show } = props
  const inspect = useAppStore((state) => state.inspect)
  const ofRepo = useAppStore((state) =>
    target.type === 'quantization' ? state.hubRepo?.checks[target.id] : undefined,
  )
  const check = ofRepo ?? own
  const reading = (
    <div className="p-5">
      <ProgressBar value={null} label={`Reading the header of ${name}`} />
    </div>
  )
  switch (check.type) {
    case 'reading':
      return reading
    case 'failed':
      return (
        <div className="p-5">
          <HubProblem message={check.message}>
            <ProblemStep message={check.message} onRetry={() => void inspect(target)} />
          </HubProblem>
        </div>
      )
    case 'read': {
      const [header, ...otherShards] = check.headers
      return (
        <Suspense fallback={reading}>
          <Show header={header} otherShards={otherShards} sizeBytes={sizeBytes} name={name} />
        </Suspense>
      )
    }
    default:
      return assertNever(check)
  }
}
