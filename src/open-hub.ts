import { createDownloads } from './hub/downloads.ts'
import { createHubClient } from './hub/hub-client.ts'
import { createMlcModels } from './hub/mlc-models.ts'
import { createModelStore } from './hub/model-store.ts'
import type { Hub, HubSettings } from './store/deps.ts'

/** The hub layer for this page: a chunk of its own, as a first visit needs none of it. */
export function openHub({ baseUrl, token }: HubSettings): Hub {
  const network = {
    token,
    fetch: window.fetch.bind(window),
    isOnline: () => navigator.onLine,
  }
  return {
    client: createHubClient({ baseUrl, ...network }),
    mlc: createMlcModels(network),
    downloads: createDownloads({ baseUrl, token: () => token(new URL(baseUrl()).origin) }),
    models: createModelStore(),
  }
}
