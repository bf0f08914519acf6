import { createHubAccess } from './hub-access.ts'
import { isTokenText, readBaseUrl } from './hub-address.ts'
import { createHubDownloads } from './hub-downloads.ts'
import { createHubEndpoints } from './hub-endpoints.ts'
import { createHubFind } from './hub-find.ts'
import { createHubMlc } from './hub-mlc.ts'
import { createHubInspect } from './hub-inspect.ts'
import { createHubLocal } from './hub-local.ts'
import { createHubShelf } from './hub-shelf.ts'
import type { HubContext } from './hub-slice.ts'
import type { HubMessage } from './hub-state.ts'

export type HubActions = ReturnType<typeof createHubActions>

/** All that can be done with models that are not running. */
export function createHubActions(base: Omit<HubContext, 'hub'>) {
  const { deps, get, set } = base
  const hub = createHubAccess(deps, get)
  const context: HubContext = { ...base, hub }
  const endpoints = createHubEndpoints(context)
  const downloads = createHubDownloads(context)
  const shelf = createHubShelf(context)
  set({ hubTokenHost: hub.tokenHost() })
  return {
    ...createHubFind(context),
    ...createHubInspect(context),
    ...createHubLocal(context),
    ...createHubMlc(context),
    ...downloads,
    ...endpoints,
    ...shelf,
    setHubBaseUrl(text: string): HubMessage | null {
      const url = readBaseUrl(text, deps.isSecurePage)
      if (!url.ok) return url.error
      // What was found is of another server.
      if (url.value !== get().hubBaseUrl) {
        set({ hubBaseUrl: url.value, hubSearch: { type: 'idle' }, hubRepo: null })
      }
      return null
    },
    setHubToken(text: string | null): HubMessage | null {
      const token = text?.trim() ?? ''
      if (token !== '' && !isTokenText(token)) return NO_TOKEN
      hub.setToken(token === '' ? null : token)
      set({ hubTokenHost: hub.tokenHost() })
      return null
    },
    dispose() {
      downloads.stopFollowing()
      shelf.stopTasks()
      endpoints.stopAsking()
      hub.dispose()
    },
  }
}

const NO_TOKEN: HubMessage = {
  title: 'This cannot be a token',
  advice: 'A token is one word of letters and digits, such as hf_… from the Hub’s settings.',
  link: null,
  step: 'enter-token',
}
