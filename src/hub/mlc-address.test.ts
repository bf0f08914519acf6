import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMlcAddress } from './mlc-address.ts'

const context = { baseUrl: 'https://huggingface.co', isSecurePage: true }
const LIBRARY = 'https://example.com/libs/Qwen2-1.5B-q4f16_1-webgpu.wasm'
const read = (model: string, library = LIBRARY, isSecurePage = true) =>
  readMlcAddress({ model, library }, { ...context, isSecurePage })

describe('readMlcAddress', () => {
  it.each([
    ['owner/name', 'https://huggingface.co/owner/name/resolve/main/'],
    [' https://huggingface.co/owner/name ', 'https://huggingface.co/owner/name/resolve/main/'],
    ['https://huggingface.co/owner/name/tree/v1', 'https://huggingface.co/owner/name/resolve/v1/'],
    ['http://127.0.0.1:8000/a/b/', 'http://127.0.0.1:8000/a/b/resolve/main/'],
    ['https://x.org/m/resolve/r1/sub', 'https://x.org/m/resolve/r1/sub/'],
  ])('reads %j', (text, modelUrl) => {
    expect(read(text)).toMatchObject({ ok: true, value: { modelUrl, needsShaderF16: true } })
  })

  it('names the model after its folder', () => {
    expect(read('owner/xLAM-2-1b-q4f32_1-MLC', 'https://x.org/lib.wasm')).toMatchObject({
      value: { name: 'xLAM-2-1b-q4f32_1-MLC', needsShaderF16: false },
    })
  })

  it.each([
    ['', LIBRARY, 'model-empty'],
    ['just words', LIBRARY, 'model-invalid'],
    ['https://', LIBRARY, 'model-invalid'],
    ['https://example.com', LIBRARY, 'model-invalid'],
    ['owner/name', '', 'library-empty'],
    ['owner/name', 'lib.wasm', 'library-invalid'],
    ['owner/name', 'ftp://x.org/lib.wasm', 'library-invalid'],
    ['owner/name', 'https://x.org/lib.zip', 'library-no-wasm'],
    ['http://192.168.1.2/a/b', LIBRARY, 'insecure'],
  ])('refuses %j with %j: %s', (model, library, kind) => {
    expect(read(model, library)).toMatchObject({ ok: false, error: { kind } })
  })

  it('lets a page that came by http fetch by http', () => {
    expect(read('http://192.168.1.2/a/b', LIBRARY, false).ok).toBe(true)
  })

  it('gives addresses that the engine leaves alone, or refuses', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.constantFrom('http://a.aa//%00', 'http://a.aa/%E0%A4'),
        ),
        (text) => {
          const found = read(text)
          if (!found.ok) return
          expect(found.value.modelUrl).toMatch(/^https?:\/\/.+\/resolve\/[^/]+\/$|\/resolve\/.+\/$/)
          expect(found.value.name).not.toBe('')
        },
      ),
    )
  })
})
