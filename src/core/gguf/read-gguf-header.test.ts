import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { writeGguf, type GgufContent } from './__fixtures__/write-gguf.ts'
import type { ByteSource } from './model-files.ts'
import { readGgufHeader } from './read-gguf-header.ts'

const NANO = new Uint8Array(
  readFileSync(new URL('../../../public/models/callground-nano.gguf', import.meta.url)),
)

/** A source that remembers the largest part that was read of it. */
function sourceOf(bytes: Uint8Array, name = 'model.gguf') {
  const source = {
    name,
    size: bytes.length,
    readBytes: 0,
    slice(start: number, end: number) {
      source.readBytes = Math.max(source.readBytes, end)
      return { arrayBuffer: async () => bytes.slice(start, end).buffer as ArrayBuffer }
    },
  }
  return source satisfies ByteSource
}

const read = (bytes: Uint8Array) => readGgufHeader(sourceOf(bytes))
const readText = (text: string) => read(new TextEncoder().encode(text))

async function header(content: GgufContent) {
  const result = await read(writeGguf(content))
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const SMALL: GgufContent = {
  metadata: {
    'general.architecture': { type: 'string', value: 'llama' },
    'general.name': { type: 'string', value: 'Tiny 😀' },
    'general.file_type': { type: 'u32', value: 15 },
    'llama.context_length': { type: 'u64', value: 4096n },
    'llama.attention.head_count_kv': { type: 'i32s', value: [2, 0, 4] },
    'tokenizer.ggml.tokens': { type: 'strings', value: ['a', '<s>', '', '</s>'] },
    'tokenizer.ggml.scores': { type: 'f32s', value: [0, 1, 2, 3] },
    'tokenizer.ggml.bos_token_id': { type: 'u32', value: 1 },
    'tokenizer.ggml.eos_token_id': { type: 'u32', value: 3 },
    'tokenizer.chat_template': { type: 'string', value: '{{ messages }}' },
    'tokenizer.chat_template.tool_use': { type: 'string', value: '{{ tools }}' },
    'x.big': { type: 'u64', value: 2n ** 63n },
    'x.negative': { type: 'i64', value: -5n },
    'x.byte': { type: 'i8', value: -1 },
    'x.half': { type: 'f32', value: 0.5 },
    'x.double': { type: 'f64', value: 0.1 },
    'x.yes': { type: 'bool', value: true },
  },
  tensors: [
    { name: 'a', shape: [3, 5], type: 'f32' },
    {
      name: 'b',
      shape: [7],
      type: 'f16',
      data: Float32Array.from([1, -2, 0.5, 65504, 1e9, 1e-9, 0]),
    },
  ],
}

describe('readGgufHeader', () => {
  it('reads the built-in model', async () => {
    const source = sourceOf(NANO)
    const result = await readGgufHeader(source)
    expect(result).toMatchObject({
      ok: true,
      value: {
        version: 3,
        architecture: 'llama',
        bosToken: '<|endoftext|>',
        eosToken: '<|im_end|>',
        fileType: 'Q8_0',
        expectedSizeBytes: NANO.length,
        toolUseTemplate: null,
        split: null,
      },
    })
    expect(source.readBytes).toBe(1024 * 1024)
    const value = result.ok ? result.value : null
    expect(value?.metadata.get('tokenizer.ggml.add_bos_token')).toBe(false)
    expect(value?.arrayLengths.get('tokenizer.ggml.tokens')).toBeGreaterThan(256)
    expect(value?.chatTemplate).toContain('add_generation_prompt')
    expect(value?.parameterCount).toBeGreaterThan(1_000_000)
  })

  it('reads every kind of value', async () => {
    const value = await header(SMALL)
    expect(Object.fromEntries(value.metadata)).toEqual({
      'general.architecture': 'llama',
      'general.name': 'Tiny 😀',
      'general.file_type': 15,
      'llama.context_length': 4096,
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 3,
      'tokenizer.chat_template': '{{ messages }}',
      'tokenizer.chat_template.tool_use': '{{ tools }}',
      'x.big': 2n ** 63n,
      'x.negative': -5,
      'x.byte': -1,
      'x.half': 0.5,
      'x.double': 0.1,
      'x.yes': true,
    })
    expect(value).toMatchObject({
      chatTemplate: '{{ messages }}',
      toolUseTemplate: '{{ tools }}',
      bosToken: '<s>',
      eosToken: '</s>',
      contextLength: 4096,
      fileType: 'Q4_K_M',
      parameterCount: 22,
      expectedSizeBytes: value.dataOffset + 64 + 14,
      tensors: [
        { name: 'a', shape: [3, 5], type: 'F32', offsetBytes: 0, sizeBytes: 60 },
        { name: 'b', shape: [7], type: 'F16', offsetBytes: 64, sizeBytes: 14 },
      ],
    })
    expect(Object.fromEntries(value.arrayLengths)).toEqual({
      'llama.attention.head_count_kv': 3,
      'tokenizer.ggml.tokens': 4,
      'tokenizer.ggml.scores': 4,
    })
    expect(value.numberArrays.get('llama.attention.head_count_kv')).toEqual([2, 0, 4])
  })

  it('reads version 2, another alignment and a shard', async () => {
    expect((await header({ ...SMALL, version: 2 })).version).toBe(2)
    const aligned = await header({
      ...SMALL,
      alignment: 128,
      metadata: { ...SMALL.metadata, 'general.alignment': { type: 'u32', value: 128 } },
    })
    expect(aligned.dataOffset % 128).toBe(0)
    expect(aligned.tensors[1]?.offsetBytes).toBe(128)
    const shard = await header({
      metadata: {
        'split.no': { type: 'u16', value: 1 },
        'split.count': { type: 'u16', value: 3 },
        'split.tensors.count': { type: 'i32', value: 40 },
      },
      tensors: [],
    })
    expect(shard).toMatchObject({
      architecture: '',
      split: { index: 1, count: 3, tensorCount: 40 },
      expectedSizeBytes:
        writeGguf({ metadata: {}, tensors: [] }).length > 0 ? shard.expectedSizeBytes : 0,
    })
  })

  it('reads on when the header is longer than the first slice, and not the whole file', async () => {
    const vocabulary = Array.from(
      { length: 60_000 },
      (_, id) => `token number ${id} with some text`,
    )
    const bytes = writeGguf({
      metadata: {
        ...SMALL.metadata,
        'tokenizer.ggml.tokens': { type: 'strings', value: vocabulary },
        'tokenizer.ggml.eos_token_id': { type: 'u32', value: 59_999 },
      },
      tensors: [{ name: 'w', shape: [1024, 4096], type: 'f32' }],
    })
    const source = sourceOf(bytes)
    const result = await readGgufHeader(source)
    expect(result).toMatchObject({
      ok: true,
      value: { eosToken: 'token number 59999 with some text' },
    })
    expect(source.readBytes).toBe(4 * 1024 * 1024)
    expect(source.size).toBeGreaterThan(16 * 1024 * 1024)
  })

  it('says nothing of the size when it does not know a tensor type', async () => {
    const bytes = writeGguf(SMALL)
    const typeAt = indexOf(bytes, [...u64(1), 0x62, 1, 0, 0, 0]) + 9 + 4 + 8
    bytes[typeAt] = 200
    expect(await read(bytes)).toMatchObject({
      ok: true,
      value: { expectedSizeBytes: null, tensors: [{}, { name: 'b', type: null, sizeBytes: null }] },
    })
  })
})

describe('what is no GGUF', () => {
  const safetensors = [
    0x40,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...new TextEncoder().encode('{"w":{"dtype":"F32"}}'),
  ]
  it.each([
    ['empty', []],
    ['safetensors', safetensors],
    ['zip', [0x50, 0x4b, 3, 4, 20]],
    ['gzip', [0x1f, 0x8b, 8]],
    ['pickle', [0x80, 2, 0x8a]],
    ['unknown', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['unknown', [0xff, 0xfe, 0x41, 0x42]],
  ] as const)('looks like %s', async (looksLike, bytes) => {
    expect(await read(Uint8Array.from(bytes))).toEqual({
      ok: false,
      error: { kind: 'not-gguf', looksLike },
    })
  })

  it.each([
    ['old-ggml', 'tjgg\u0003'],
    ['html', '\n <!DOCTYPE html><html>'],
    ['html', '<html lang="en">'],
    ['git-lfs-pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00'],
    ['json', '{"error": "Repository not found"}'],
    ['text', 'Entry not found'],
    ['text', 'Übergröße: nicht gefunden'],
  ] as const)('looks like %s', async (looksLike, text) => {
    expect(await readText(text)).toEqual({ ok: false, error: { kind: 'not-gguf', looksLike } })
  })
})

describe('broken files', () => {
  const bytes = writeGguf(SMALL)

  it.each([
    [1, [1, 0, 0, 0], 'little-endian'],
    [4, [4, 0, 0, 0], 'little-endian'],
    [0, [0, 0, 0, 0], 'little-endian'],
    [3, [0, 0, 0, 3], 'big-endian'],
  ] as const)('version %i is not supported (%j)', async (version, field, byteOrder) => {
    expect(await read(patched(bytes, 4, field))).toEqual({
      ok: false,
      error: { kind: 'unsupported-version', version, byteOrder },
    })
  })

  it('cut anywhere in the header says so, cut in the data still has a header', async () => {
    const whole = await header(SMALL)
    for (let length = 4; length < bytes.length; length++) {
      const result = await read(bytes.slice(0, length))
      if (result.ok) {
        expect(result.value.expectedSizeBytes).toBe(whole.expectedSizeBytes)
      } else {
        expect(result.error).toMatchObject({ kind: 'truncated-header', sizeBytes: length })
        const needed = result.error.kind === 'truncated-header' ? result.error.neededBytes : 0
        expect(needed).toBeGreaterThan(length)
        expect(needed).toBeLessThanOrEqual(whole.dataOffset)
      }
      // Up to 31 bytes of padding lie between the header and the data.
      expect(result.ok).toBe(length > whole.dataOffset - 32 ? result.ok : false)
      if (length >= whole.dataOffset) expect(result.ok).toBe(true)
    }
  })

  const HUGE = [255, 255, 255, 255, 255, 255, 255, 127]
  const MUCH = [0, 0, 0, 0, 0, 0, 1, 0]
  it.each([
    ['tensors', 8],
    ['metadata entries', 16],
    ['first key', 24],
    ['first value', 24 + 8 + 'general.architecture'.length + 4],
    [
      'token list',
      indexOf(bytes, [...new TextEncoder().encode('tokenizer.ggml.tokens')]) + 21 + 4 + 4,
    ],
    ['scores', indexOf(bytes, [...new TextEncoder().encode('tokenizer.ggml.scores')]) + 21 + 4 + 4],
    [
      'a token',
      indexOf(bytes, [...new TextEncoder().encode('tokenizer.ggml.tokens')]) + 21 + 4 + 4 + 8,
    ],
    ['a dimension', indexOf(bytes, [...u64(1), 0x61, 2, 0, 0, 0]) + 9 + 4],
    ['an offset', indexOf(bytes, [...u64(1), 0x61, 2, 0, 0, 0]) + 9 + 4 + 16 + 4],
  ])('a huge length (%s) is corrupt, at once', async (_, at) => {
    expect(await read(patched(bytes, at, HUGE))).toMatchObject({
      ok: false,
      error: { kind: 'corrupt' },
    })
    expect(await read(patched(bytes, at, MUCH))).toMatchObject({
      ok: false,
      error: { kind: 'corrupt' },
    })
  })

  it.each([
    [
      'an array of arrays',
      indexOf(bytes, [...new TextEncoder().encode('tokenizer.ggml.tokens')]) + 21 + 4,
      [9],
    ],
    ['an unknown value type', 24 + 8 + 'general.architecture'.length, [99]],
    ['five dimensions', indexOf(bytes, [...u64(1), 0x61, 2, 0, 0, 0]) + 9, [5]],
    [
      'rows that the type cannot store',
      indexOf(bytes, [...u64(1), 0x61, 2, 0, 0, 0]) + 9 + 4 + 16,
      [8],
    ],
    ['tensors that overlap', indexOf(bytes, [...u64(1), 0x62, 1, 0, 0, 0]) + 9 + 4 + 8 + 4, [32]],
    ['the same tensor twice', indexOf(bytes, [...u64(1), 0x62, 1, 0, 0, 0]) + 8, [0x61]],
  ])('%s is corrupt', async (_, at, field) => {
    expect(await read(patched(bytes, at, field))).toMatchObject({
      ok: false,
      error: { kind: 'corrupt' },
    })
  })

  it('the same key twice and an alignment that is no power of two are corrupt', async () => {
    const twice = writeGguf({
      metadata: { aa: { type: 'u8', value: 1 }, ab: { type: 'u8', value: 1 } },
      tensors: [],
    })
    expect(await read(patched(twice, indexOf(twice, [0x61, 0x62]) + 1, [0x61]))).toMatchObject({
      ok: false,
      error: { kind: 'corrupt', detail: 'the metadata key aa is there twice' },
    })
    for (const value of [0, 3, 48]) {
      const odd = writeGguf({
        metadata: { 'general.alignment': { type: 'u32', value } },
        tensors: [],
      })
      expect(await read(odd)).toMatchObject({ ok: false, error: { kind: 'corrupt' } })
    }
  })

  it('a file that the platform cannot read is an error, not an exception', async () => {
    const gone: ByteSource = {
      name: 'gone.gguf',
      size: 100,
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }),
    }
    expect(await readGgufHeader(gone)).toEqual({
      ok: false,
      error: { kind: 'unreadable', detail: 'NotReadableError' },
    })
    const shrunk: ByteSource = { ...sourceOf(NANO.slice(0, 50)), size: 100 }
    expect(await readGgufHeader(shrunk)).toMatchObject({ ok: false, error: { kind: 'unreadable' } })
  })

  it('a text of 20 MB is corrupt and not read, even where the file has room for it', async () => {
    const start = patched(bytes, 24 + 8 + 'general.architecture'.length + 4, u64(20 * 1024 * 1024))
    const source = { ...sourceOf(start), size: 2 ** 32 }
    let readBytes = 0
    const slice = (_: number, end: number) => {
      readBytes = end
      const slab = new Uint8Array(end)
      slab.set(start)
      return { arrayBuffer: async () => slab.buffer }
    }
    expect(await readGgufHeader({ ...source, slice })).toMatchObject({
      ok: false,
      error: { kind: 'corrupt', detail: 'general.architecture is 20971520 bytes long' },
    })
    expect(readBytes).toBe(1024 * 1024)
  })

  it('never throws on random bytes behind a GGUF start', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(20), async (tail, count) => {
        const start = Uint8Array.from([
          0x47,
          0x47,
          0x55,
          0x46,
          3,
          0,
          0,
          0,
          ...u64(1),
          ...u64(count),
        ])
        const result = await read(Uint8Array.from([...start, ...tail]))
        expect(typeof result.ok).toBe('boolean')
      }),
      { numRuns: 500 },
    )
  })

  it('never throws or hangs on a damaged file', async () => {
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(bytes.length), async (changes, length) => {
        const damaged = bytes.slice(0, Math.max(length, 4))
        for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value
        const result = await read(damaged)
        if (result.ok) expect(result.value.tensors.length).toBe(result.value.tensorCount)
      }),
      { numRuns: 1500 },
    )
  })
})

function patched(bytes: Uint8Array, at: number, field: readonly number[]): Uint8Array {
  const copy = bytes.slice()
  copy.set(field, at)
  return copy
}

function indexOf(bytes: Uint8Array, needle: readonly number[]): number {
  const at = Buffer.from(bytes).indexOf(Buffer.from(needle))
  if (at < 0) throw new Error('the bytes to change are not there')
  return at
}

function u64(value: number): readonly number[] {
  return [...Buffer.from(BigUint64Array.of(BigInt(value)).buffer)]
}
