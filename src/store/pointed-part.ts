import { memoFields } from './memo.ts'
import type { AppState, PointedPart } from './state.ts'

/** What is pointed at, also when it is a call that is pointed at elsewhere. */
export function selectPointedPart(state: AppState): PointedPart | null {
  const { pointedAt, pointedPart } = state
  return pointedPart ?? (pointedAt ? pointedCall({ pointedAt }) : null)
}

const pointedCall = memoFields(
  ({ pointedAt }: { readonly pointedAt: NonNullable<AppState['pointedAt']> }): PointedPart => ({
    type: 'call',
    nodeId: pointedAt.answerId,
    callIndex: pointedAt.callIndex,
  }),
)

export function isSamePart(a: PointedPart | null, b: PointedPart | null): boolean {
  return a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b)
}
