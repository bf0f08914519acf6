import { describe, expect, it } from 'vitest'
import { isTokenText, readBaseUrl } from './hub-address.ts'

describe('the address of a mirror', () => {
  const read = (text: string, isSecurePage = false) => {
    const url = readBaseUrl(text, isSecurePage)
    return url.ok ? url.value : url.error.title
  }

  it.each([
    ['', 'https://huggingface.co'],
    ['https://huggingface.co/', 'https://huggingface.co'],
    ['192.168.1.20:8080', 'http://192.168.1.20:8080'],
    ['mirror.lan/hf//', 'http://mirror.lan/hf'],
    ['HTTPS://Mirror.LAN', 'https://mirror.lan'],
    ['not an address', 'This is no web address'],
    ['javascript:alert(1)', 'This is no web address'],
    ['http://a:b@host', 'Only a host and a path may stand here'],
    ['https://host/?token=1', 'Only a host and a path may stand here'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it('a page that came by https may ask no http host but its own machine', () => {
    expect(read('mirror.lan', true)).toBe('https://mirror.lan')
    expect(read('http://mirror.lan', true)).toMatch(/^This page came by https/)
    expect(read('http://localhost:8080', true)).toBe('http://localhost:8080')
  })
})

describe('a token', () => {
  it.each([
    ['hf_abcDEF123', true],
    ['', false],
    ['two words', false],
    ['line\nbreak', false],
    ['ümlaut', false],
    ['x'.repeat(501), false],
  ])('%j: %s', (text, expected) => {
    expect(isTokenText(text)).toBe(expected)
  })
})
