import type { StoreContext } from './context.ts'
import type { LayoutSlice } from './state.ts'

export function createLayoutSlice({ set }: StoreContext): LayoutSlice {
  return {
    paneSizes: {},
    phonePane: 'chat',
    inspectorTab: 'calls',
    inspectedAnswerId: null,
    pointedAt: null,
    pointedPart: null,
    dialog: null,
    setPaneSizes: (paneSizes) => set({ paneSizes }),
    setPhonePane: (phonePane) => set({ phonePane }),
    setInspectorTab: (inspectorTab) => set({ inspectorTab }),
    inspectAnswer: (inspectedAnswerId) => set({ inspectedAnswerId, pointedAt: null }),
    pointAt: (pointedAt) => set({ pointedAt }),
    pointAtPart: (pointedPart) => set({ pointedPart }),
    openDialog: (dialog) => set({ dialog }),
  }
}
