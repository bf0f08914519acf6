import { err, ok, type Result } from '../core/lib/result.ts'
import { HUB_URL } from './hub-slice.ts'
import type { HubMessage } from './hub-state.ts'

/** What can be sent in a header; the Hub's own tokens are `hf_` and letters and digits. */
export function isTokenText(text: string): boolean {
  return /^[\x21-\x7e]{1,500}$/.test(text)
}

/**
 * Reads the address of a Hub or mirror. Empty is the Hub itself, and a scheme may be left out.
 *
 * A page that came by https may not ask an http host, unless that is this machine.
 */
export function readBaseUrl(text: string, isSecurePage: boolean): Result<string, HubMessage> {
  const typed = text.trim()
  if (typed === '') return ok(HUB_URL)
  const withScheme = /^https?:\/\//i.test(typed)
    ? typed
    : `${isSecurePage ? 'https' : 'http'}://${typed}`
  const problem = (title: string, advice: string) => err({ title, advice, link: null, step: null })
  if (!URL.canParse(withScheme)) {
    return problem(
      'This is no web address',
      'It looks like https://huggingface.co or http://192.168.1.20:8080.',
    )
  }
  const url = new URL(withScheme)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return problem(
      'Only a host and a path may stand here',
      'Leave out passwords, “?” and “#”. A token has its own field.',
    )
  }
  const isThisMachine = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (isSecurePage && url.protocol === 'http:' && !isThisMachine) {
    return problem(
      'This page came by https, so the browser lets it ask no http host',
      'Use a mirror with https, or open Callground from the mirror’s own network by http.',
    )
  }
  return ok(`${url.origin}${url.pathname}`.replace(/\/+$/, ''))
}
