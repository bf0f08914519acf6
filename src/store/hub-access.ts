import { err, ok, type Result } from '../core/lib/result.ts'
import type { AppDeps, Hub } from './deps.ts'
import type { HubMessage } from './hub-state.ts'
import type { AppState } from './state.ts'

const TOKEN_KEY = 'callground:hub-token'

type Token = { readonly origin: string; readonly value: string }

/** The hub layer, which is loaded at its first use, and the token, which is nowhere else. */
export type HubAccess = {
  readonly open: () => Promise<Result<Hub, HubMessage>>
  readonly tokenHost: () => string | null
  /** For the host that is set now, and for no other one. */
  readonly setToken: (value: string | null) => void
  readonly dispose: () => void
}

export function createHubAccess(
  deps: Pick<AppDeps, 'openHub' | 'sessionValues'>,
  get: () => Pick<AppState, 'hubBaseUrl'>,
): HubAccess {
  let token = readToken(deps.sessionValues.read(TOKEN_KEY))
  let opening: Promise<Hub> | null = null

  const context = {
    baseUrl: () => get().hubBaseUrl,
    token: (origin: string) => (token?.origin === origin ? token.value : null),
  }

  return {
    async open() {
      try {
        return ok(await (opening ??= deps.openHub(context)))
      } catch (cause) {
        opening = null
        return err(notLoaded(cause))
      }
    },
    tokenHost: () => (token ? new URL(token.origin).host : null),
    setToken(value) {
      token = value === null ? null : { origin: new URL(get().hubBaseUrl).origin, value }
      // Where session storage is forbidden it lasts until the page is left.
      deps.sessionValues.write(TOKEN_KEY, token && JSON.stringify(token))
    },
    dispose() {
      void opening?.then(({ downloads }) => downloads.close())
    },
  }
}

function readToken(text: string | null): Token | null {
  try {
    const saved: unknown = JSON.parse(text ?? 'null')
    if (typeof saved !== 'object' || saved === null) return null
    const { origin, value } = saved as Partial<Record<keyof Token, unknown>>
    if (typeof origin !== 'string' || !URL.canParse(origin)) return null
    return typeof value === 'string' ? { origin, value } : null
  } catch {
    return null
  }
}

function notLoaded(cause: unknown): HubMessage {
  const detail = cause instanceof Error ? ` (${cause.message})` : ''
  return {
    title: 'The part of the app for models could not be loaded',
    advice: `Check the connection and try again.${detail}`,
    link: null,
    step: 'try-again',
  }
}
