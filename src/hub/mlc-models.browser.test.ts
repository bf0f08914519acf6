import { md5 } from 'hash-wasm'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { connectHubControl } from '../../e2e/fixtures/hub-control.ts'
import type { HubContent } from '../../e2e/fixtures/hub-content.ts'
import type {} from '../../e2e/fixtures/hub-server-setup.ts'
import type { MlcModel } from '../core/mlc/mlc-model.ts'
import type { MlcOrigin } from './mlc-catalog.ts'
import { createMlcModels } from './mlc-models.ts'
import { MLC_CACHES } from './mlc/cached-file.ts'

const { url: hubUrl, controlUrl } = inject('hubServer')
const hub = connectHubControl(controlUrl)
const never = new AbortController().signal

const text = (content: string): HubContent => ({ type: 'text', text: content })
const LIBRARY: HubContent = { type: 'base64', base64: btoa('\0asm rest') }
const SHARDS = ['first shard', 'the second shard']
const TEMPLATE = '{% for message in messages %}{{ message.content }}{% endfor %}'
const CONFIG = {
  model_type: 'qwen2',
  context_window_size: 32768,
  model_config: { num_hidden_layers: 24 },
  tokenizer_files: ['tokenizer.json'],
  conv_template: { stop_token_ids: [7] },
}

let repo = ''
let base = ''
let token: string | null = null
const models = createMlcModels({
  fetch: window.fetch.bind(window),
  token: () => token,
  isOnline: () => true,
})

beforeEach(() => {
  const name = crypto.randomUUID()
  repo = `callground-tests/${name}-MLC`
  base = `callground-tests/${name}`
  token = null
})

afterEach(async () => {
  for (const name of MLC_CACHES) await caches.delete(name)
  await hub.removeRepo(repo)
  await hub.removeRepo(base)
  await hub.clearFaults(repo)
})

async function shardList(sum?: string) {
  const records = SHARDS.map(async (content, index) => ({
    dataPath: `params_shard_${index}.bin`,
    nbytes: content.length,
    md5sum: sum ?? (await md5(content)),
  }))
  return JSON.stringify({ records: await Promise.all(records) })
}

async function addModel(changes: Readonly<Record<string, HubContent | null>> = {}) {
  const files: Record<string, HubContent | null> = {
    'mlc-chat-config.json': text(JSON.stringify(CONFIG)),
    'tensor-cache.json': text(await shardList()),
    'tokenizer.json': text('{}'),
    'tokenizer_config.json': text(
      JSON.stringify({ chat_template: TEMPLATE, eos_token: '<|im_end|>' }),
    ),
    'params_shard_0.bin': text(SHARDS[0] ?? ''),
    'params_shard_1.bin': text(SHARDS[1] ?? ''),
    'lib.wasm': LIBRARY,
    ...changes,
  }
  const present = Object.entries(files).flatMap(([path, content]) =>
    content ? [[path, content] as const] : [],
  )
  await hub.addRepo({ id: repo, files: Object.fromEntries(present) })
  return modelOf()
}

function modelOf(): MlcModel & MlcOrigin {
  return {
    name: 'Test-q4f16_1-MLC',
    modelUrl: `${hubUrl}/${repo}/resolve/main/`,
    libraryUrl: `${hubUrl}/${repo}/resolve/main/lib.wasm`,
    needsShaderF16: true,
    baseUrl: `${hubUrl}/${base}/resolve/main/`,
    license: 'apache-2.0',
  }
}

const TOTAL = SHARDS.join('').length

describe('opening a model', () => {
  it('fetches everything, tells its bytes, and reads what the files say', async () => {
    const model = await addModel()
    const progress: number[] = []
    const onProgress = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) => {
      expect(totalBytes).toBe(TOTAL)
      progress.push(doneBytes)
    }
    expect(await models.open(model, onProgress, never)).toEqual({
      ok: true,
      value: {
        sizeBytes: TOTAL,
        config: {
          architecture: 'qwen2',
          contextLength: 32768,
          layers: 24,
          stopTokenIds: [7],
          tokenizerFile: 'tokenizer.json',
        },
        chatTemplate: TEMPLATE,
        bosToken: '',
        eosToken: '<|im_end|>',
      },
    })
    expect(progress[0]).toBe(0)
    expect(progress.at(-1)).toBe(TOTAL)
    // All of it is where WebLLM looks for it.
    for (const [cache, file] of [
      ['webllm/config', 'mlc-chat-config.json'],
      ['webllm/model', 'tensor-cache.json'],
      ['webllm/model', 'tokenizer.json'],
      ['webllm/model', 'params_shard_1.bin'],
      ['webllm/wasm', 'lib.wasm'],
    ] as const) {
      const found = await (await caches.open(cache)).match(new URL(file, model.modelUrl))
      expect(found?.status).toBe(200)
    }
  })

  it('needs no network the second time', async () => {
    const model = await addModel()
    await models.open(model, () => undefined, never)
    await hub.clearRequests(repo)
    const offline = createMlcModels({
      fetch: () => Promise.reject(new TypeError('Failed to fetch')),
      token: () => null,
      isOnline: () => false,
    })
    expect(await offline.open(model, () => undefined, never)).toMatchObject({
      ok: true,
      value: { chatTemplate: TEMPLATE },
    })
  })

  it('takes the template of the base repository when the converted one has none', async () => {
    const model = await addModel({ 'tokenizer_config.json': text('{"bos_token": "<s>"}') })
    await hub.addRepo({ id: base, files: { 'chat_template.jinja': text(TEMPLATE) } })
    expect(await models.open(model, () => undefined, never)).toMatchObject({
      value: { chatTemplate: TEMPLATE, bosToken: '<s>' },
    })
  })

  it('runs without a template when none can be had', async () => {
    const model = await addModel({ 'tokenizer_config.json': null })
    expect(await models.open(model, () => undefined, never)).toMatchObject({
      ok: true,
      value: { chatTemplate: null },
    })
  })

  it('names the file that is missing', async () => {
    const model = await addModel({ 'params_shard_1.bin': null })
    expect(await models.open(model, () => undefined, never)).toMatchObject({
      ok: false,
      error: {
        kind: 'fetch',
        url: `${model.modelUrl}params_shard_1.bin`,
        error: { kind: 'not-found' },
      },
    })
  })

  it.each([
    ['params_shard_0.bin', text('short'), 'It has 5 bytes and should have 11.'],
    ['params_shard_0.bin', text('first shArd'), 'checksum'],
    ['mlc-chat-config.json', text('<html>Log in</html>'), 'no JSON object'],
    ['tensor-cache.json', text('{}'), 'lists no files'],
    ['lib.wasm', text('<html>'), 'no WebAssembly'],
  ])('keeps no broken %s, and gets a good one later', async (file, content, words) => {
    const model = await addModel({ [file]: content })
    const url = new URL(file, model.modelUrl).href
    expect(await models.open(model, () => undefined, never)).toEqual({
      ok: false,
      error: { kind: 'bad-file', url, detail: expect.stringContaining(words) },
    })
    await addModel()
    expect(await models.open(model, () => undefined, never)).toMatchObject({ ok: true })
  })

  it('stops when it is told to, and goes on with the files that are whole', async () => {
    const model = await addModel()
    await hub.addFault({
      on: 'resolve',
      repo,
      path: 'params_shard_1.bin',
      effect: { type: 'stall', afterBytes: -1 },
    })
    const controller = new AbortController()
    const opened = models.open(model, () => undefined, controller.signal)
    const first = `${model.modelUrl}params_shard_0.bin`
    await expect.poll(() => caches.match(first)).toBeDefined()
    controller.abort()
    expect(await opened).toEqual({ ok: false, error: { kind: 'aborted' } })
    expect(await models.list()).toMatchObject([{ shards: { present: 1, total: 2 } }])
    await hub.clearFaults(repo)
    expect(await models.open(model, () => undefined, never)).toMatchObject({ ok: true })
  })
})

describe('the shelf', () => {
  it('lists what is here with its size, and deletes all of it', async () => {
    expect(await models.list()).toEqual([])
    const model = await addModel()
    await hub.addRepo({ id: base, files: { 'chat_template.jinja': text(TEMPLATE) } })
    await models.open(model, () => undefined, never)
    const [cached, ...others] = await models.list()
    expect(others).toEqual([])
    expect(cached).toMatchObject({
      modelUrl: model.modelUrl,
      name: model.name,
      shards: { present: 2, total: 2 },
      model,
    })
    expect(cached?.sizeBytes).toBeGreaterThan(TOTAL)
    await models.remove(model.modelUrl)
    expect(await models.list()).toEqual([])
    for (const name of MLC_CACHES) expect(await (await caches.open(name)).keys()).toEqual([])
  })

  it('keeps the library that another model uses', async () => {
    const model = await addModel()
    const { libraryUrl } = model
    await models.open(model, () => undefined, never)
    const other = { ...model, name: 'Other', modelUrl: model.modelUrl.replace('main', 'other') }
    const config = await caches.open('webllm/config')
    await config.put(`${other.modelUrl}callground-model.json`, new Response(JSON.stringify(other)))
    await models.remove(model.modelUrl)
    expect(await (await caches.open('webllm/wasm')).match(libraryUrl)).toBeDefined()
    await models.remove(other.modelUrl)
    expect(await (await caches.open('webllm/wasm')).match(libraryUrl)).toBeUndefined()
  })
})
