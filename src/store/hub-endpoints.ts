import { err, ok, type Result } from '../core/lib/result.ts'
import { askServer } from '../engine/ask-server.ts'
import type { RemoteLoadRequest } from '../engine/engine.ts'
import { parseRepoReference } from '../hub/repo-reference.ts'
import { isTokenText, readBaseUrl } from './hub-address.ts'
import { hubMessage, referenceMessage } from './hub-message.ts'
import type { HubContext } from './hub-slice.ts'
import type { EndpointSource, TemplateSource } from './endpoint-state.ts'
import type { UserMessage } from './state.ts'
import { engineMessage } from './user-message.ts'

const KEY = 'callground:endpoint-key'
const MOST_RECENT = 5

type Key = { readonly origin: string; readonly value: string }

/** Servers of the user: asking one what it has, connecting, remembering where. The key stays in this closure. */
export function createHubEndpoints({ deps, get, set, hub }: HubContext) {
  let key = readKey(deps.sessionValues.read(KEY))
  let asking = new AbortController()
  set({ endpointKeyHost: hostOf(key) })

  function holdKey(next: Key | null): void {
    key = next
    deps.sessionValues.write(KEY, next && JSON.stringify(next))
    set({ endpointKeyHost: hostOf(next) })
  }

  function keyFor(baseUrl: string): string | null {
    return key?.origin === new URL(baseUrl).origin ? key.value : null
  }

  async function templateOf(
    source: TemplateSource,
    signal: AbortSignal,
  ): Promise<Result<RemoteLoadRequest['template'], UserMessage>> {
    if (source.type === 'server') return ok(null)
    if (source.type === 'pasted') {
      return ok({ chatTemplate: source.text, bosToken: '', eosToken: '' })
    }
    const reference = parseRepoReference(source.repo)
    if (!reference.ok) return err(referenceMessage(reference.error))
    const access = await hub.open()
    if (!access.ok) return access
    const texts = await access.value.client.readPromptTexts(reference.value, signal)
    if (!texts.ok) return err(hubMessage(texts.error))
    const { chatTemplate, bosToken, eosToken } = texts.value
    if (chatTemplate === null) {
      return err({
        title: `${source.repo} has no chat template`,
        advice: 'Name the repository that the model was made from, or paste the template.',
      })
    }
    return ok({ chatTemplate, bosToken, eosToken })
  }

  async function connectEndpoint(
    chosen: Omit<EndpointSource, 'type'>,
  ): Promise<UserMessage | null> {
    const source: EndpointSource = { type: 'endpoint', ...chosen }
    const { baseUrl, model, mode } = source
    asking.abort()
    const mine = (asking = new AbortController())
    const template: Result<RemoteLoadRequest['template'], UserMessage> =
      mode === 'raw' ? await templateOf(source.template, mine.signal) : ok(null)
    if (mine.signal.aborted) return null
    if (!template.ok) return template.error
    const others = get().recentEndpoints.filter((other) => !isSame(other, source))
    set({ recentEndpoints: [source, ...others].slice(0, MOST_RECENT) })
    await get().loadEndpoint(source, {
      engine: 'remote',
      endpoint: { baseUrl, model, mode, key: keyFor(baseUrl) },
      template: template.value,
    })
    return null
  }

  return {
    async testEndpoint(address: string, typedKey: string): Promise<void> {
      asking.abort()
      const mine = (asking = new AbortController())
      const read = address.trim() === '' ? err(NO_ADDRESS) : readBaseUrl(address, deps.isSecurePage)
      if (!read.ok) return set({ endpointTest: { type: 'failed', message: read.error } })
      const baseUrl = withVersion(read.value)
      const trimmed = typedKey.trim()
      if (trimmed !== '' && !isTokenText(trimmed)) {
        return set({ endpointTest: { type: 'failed', message: NO_KEY } })
      }
      if (trimmed !== '') holdKey({ origin: new URL(baseUrl).origin, value: trimmed })
      set({ endpointTest: { type: 'asking', baseUrl } })
      const facts = await askServer({ baseUrl, key: keyFor(baseUrl) }, mine.signal)
      if (mine.signal.aborted) return
      set({
        endpointTest: facts.ok
          ? { type: 'found', baseUrl, facts: facts.value }
          : { type: 'failed', message: engineMessage(facts.error) },
      })
    },
    forgetEndpointKey: () => holdKey(null),
    connectEndpoint,
    async connectWithKey(typedKey: string): Promise<UserMessage | null> {
      const { keyWantedBy: source } = get()
      const trimmed = typedKey.trim()
      if (!source) return null
      if (!isTokenText(trimmed)) return NO_KEY
      holdKey({ origin: new URL(source.baseUrl).origin, value: trimmed })
      return connectEndpoint(source)
    },
    forgetEndpoint(source: EndpointSource): void {
      set({ recentEndpoints: get().recentEndpoints.filter((other) => !isSame(other, source)) })
    },
    stopAsking: () => asking.abort(),
  }
}

/** The same place; another template or mode takes the place of the older entry. */
function isSame(left: EndpointSource, right: EndpointSource): boolean {
  return left.baseUrl === right.baseUrl && left.model === right.model && left.mode === right.mode
}

/** People paste the address of the server; the API is below its version. */
function withVersion(baseUrl: string): string {
  const trimmed = baseUrl.replace(/\/(chat\/)?completions$|\/models$/, '')
  return /\/v\d+$/.test(trimmed) ? trimmed : `${trimmed}/v1`
}

function hostOf(key: Key | null): string | null {
  return key && new URL(key.origin).host
}

function readKey(text: string | null): Key | null {
  try {
    const saved: unknown = JSON.parse(text ?? 'null')
    if (typeof saved !== 'object' || saved === null) return null
    const { origin, value } = saved as Partial<Record<keyof Key, unknown>>
    if (typeof origin !== 'string' || !URL.canParse(origin)) return null
    return typeof value === 'string' ? { origin, value } : null
  } catch {
    return null
  }
}

const NO_ADDRESS: UserMessage = {
  title: 'Enter the address of the server',
  advice: 'It looks like http://localhost:8000/v1.',
}

const NO_KEY: UserMessage = {
  title: 'This cannot be a key',
  advice: 'A key is one word of letters, digits and signs.',
}
