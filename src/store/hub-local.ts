import { assertNever } from '../core/lib/assert-never.ts'
import { findLocalModels } from '../hub/find-local-models.ts'
import { localMessage } from './hub-message.ts'
import type { HubContext } from './hub-slice.ts'
import type { LocalChoice, LocalPurpose } from './hub-state.ts'
import type { PickedFile } from './state.ts'

/** Files of the user's own, which may be one model or several. */
export function createHubLocal({ get, set }: Pick<HubContext, 'get' | 'set'>) {
  /** The latest files win, and so does a choice: an older look at files may not show any more. */
  let latest = {}

  function take(files: readonly PickedFile[], purpose: LocalPurpose): Promise<void> {
    const { openModelFiles, inspect, importModel } = get()
    switch (purpose) {
      case 'open':
        return openModelFiles(files)
      case 'inspect':
        return inspect({ type: 'local', files })
      case 'import':
        return importModel(
          files.map(({ file }) => file),
          null,
        )
      default:
        return assertNever(purpose)
    }
  }

  return {
    async offerModelFiles(files: readonly PickedFile[], purpose: LocalPurpose): Promise<void> {
      const mine = (latest = {})
      if (files.length < 2) {
        set({ localChoices: null })
        // Of no files there is nothing to see, and opening them says so.
        return take(files, files.length === 0 ? 'open' : purpose)
      }
      set({ localChoices: { purpose, models: null } })
      const found = await findLocalModels(files)
      if (latest !== mine) return
      if (found.length < 2) {
        set({ localChoices: null })
        return take(files, purpose)
      }
      const models = found.map(({ problem, ...model }) => ({
        ...model,
        problem: problem && localMessage(problem),
      }))
      set({ localChoices: { purpose, models } })
    },
    async chooseLocalModel(choice: LocalChoice | null): Promise<void> {
      latest = {}
      const { localChoices } = get()
      // Whoever looks into one may want to look into the next one too.
      if (localChoices?.purpose !== 'inspect' || !choice) set({ localChoices: null })
      if (localChoices && choice) await take(choice.files, localChoices.purpose)
    },
  }
}
