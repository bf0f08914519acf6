import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { bumpedModel } from './__fixtures__/bumped-model.ts'
import { headerOf } from './__fixtures__/header-of.ts'
import type { GgufTensor } from './gguf-header.ts'
import { readGgufHeader } from './read-gguf-header.ts'
import { reportTensors } from './tensor-report.ts'

const ENDS = [0, 1, 2, 3, 32, 33, 34, 35]

function tensor(name: string, type: string | null, shape: readonly number[]): GgufTensor {
  const bits = { Q4_K: 4.5, Q6_K: 6.5625, Q2_K: 2.625, Q8_0: 8.5, F16: 16, BF16: 16, F32: 32 }
  const known = Object.entries(bits).find(([key]) => key === type)?.[1]
  const weights = shape.reduce((product, length) => product * length, 1)
  return {
    name,
    shape,
    type,
    offsetBytes: 0,
    sizeBytes: known === undefined ? null : (weights * known) / 8,
  }
}

describe('a bumped model', async () => {
  const header = await headerOf(bumpedModel({ bumpedLayers: ENDS }))
  const report = reportTensors(header.tensors)

  it('tells the base type and what was raised, where', () => {
    expect(report.baseType).toBe('Q4_K')
    expect(report.bumps).toEqual([
      {
        change: 'raised',
        type: 'Q6_K',
        roles: ['embedding'],
        layers: null,
        isEverywhere: false,
      },
      {
        change: 'raised',
        type: 'Q6_K',
        roles: ['attn_v', 'ffn_down'],
        layers: ENDS,
        isEverywhere: false,
      },
    ])
  })

  it('has a cell for each matrix, and none for norms and biases', () => {
    const { roles, layers, cells } = report.matrix
    expect(roles).toEqual([
      'attn_q',
      'attn_k',
      'attn_v',
      'attn_output',
      'ffn_gate',
      'ffn_up',
      'ffn_down',
    ])
    expect(layers).toEqual(Array.from({ length: 36 }, (_, layer) => layer))
    const raised = { bitsPerWeight: 6.5625, types: ['Q6_K'], change: 'raised' }
    const base = { bitsPerWeight: 4.5, types: ['Q4_K'], change: 'base' }
    expect(cells[2]).toEqual(layers.map((layer) => (ENDS.includes(layer) ? raised : base)))
    expect(cells[0]).toEqual(layers.map(() => base))
  })

  it('sums up by role, layer and type', () => {
    expect(report.rows).toHaveLength(434)
    expect(report.byRole.map(({ key, tensors }) => [key, tensors])).toEqual([
      ['attn_q', 36],
      ['attn_k', 36],
      ['attn_v', 36],
      ['attn_output', 36],
      ['ffn_gate', 36],
      ['ffn_up', 36],
      ['ffn_down', 36],
      ['norm', 73],
      ['bias', 108],
      ['embedding', 1],
    ])
    expect(report.byRole[2]).toEqual({
      key: 'attn_v',
      tensors: 36,
      weights: 36 * 2048 * 256,
      bytes: (2048 * 256 * (28 * 4.5 + 8 * 6.5625)) / 8,
      bitsPerWeight: (28 * 4.5 + 8 * 6.5625) / 36,
      types: ['Q4_K', 'Q6_K'],
    })
    expect(report.byLayer).toHaveLength(37)
    expect(report.byLayer.at(-1)).toMatchObject({ key: null, tensors: 2 })
    expect(report.byType.map(({ key }) => key)).toEqual(['Q4_K', 'Q6_K', 'F32'])
    expect(report.weights).toBe(header.parameterCount)
    expect(report.bitsPerWeight).toBeCloseTo(5, 0)
  })
})

it('the built-in model is stored evenly', async () => {
  const bytes = readFileSync(
    new URL('../../../public/models/callground-nano.gguf', import.meta.url),
  )
  const header = await readGgufHeader(new File([new Uint8Array(bytes)], 'nano.gguf'))
  if (!header.ok) throw new Error(header.error.kind)
  const report = reportTensors(header.value.tensors)
  expect(report.weights).toBe(header.value.parameterCount)
  expect(report.matrix.layers).toEqual([0, 1, 2, 3])
  expect(report.bumps).toEqual([])
  const changes = new Set(report.matrix.cells.flat().map((cell) => cell?.change))
  expect([...changes]).toEqual(['base'])
})

describe('roles and layers', () => {
  it.each([
    ['token_embd.weight', 'embedding', null],
    ['output.weight', 'output', null],
    ['output_norm.weight', 'norm', null],
    ['blk.7.attn_q.weight', 'attn_q', 7],
    ['blk.7.attn_q.bias', 'bias', 7],
    ['blk.7.attn_q_norm.weight', 'norm', 7],
    ['blk.7.post_attention_norm.weight', 'norm', 7],
    ['blk.12.ffn_down_exps.weight', 'ffn_down_exps', 12],
    ['blk.12.ffn_gate.3.weight', 'ffn_gate', 12],
    ['blk.0.ssm_a', 'ssm_a', 0],
    ['enc.blk.3.attn_k.weight', 'attn_k', 3],
    ['rope_freqs.weight', 'rope_freqs', null],
    ['blk.x.attn_k.weight', 'blk.x.attn_k', null],
    ['', '', null],
    ['weight', 'weight', null],
  ])('%s is %s in layer %s', (name, role, layer) => {
    const [row] = reportTensors([tensor(name, 'F16', [4, 4])]).rows
    expect([row?.role, row?.layer]).toEqual([role, layer])
  })
})

describe('the comparison with the base type', () => {
  const changes = (tensors: readonly GgufTensor[]) =>
    reportTensors(tensors).rows.map(({ change }) => change)

  it('comes from the layers, though the vocabulary may weigh more', () => {
    const tensors = [
      tensor('token_embd.weight', 'Q8_0', [256, 4096]),
      tensor('blk.0.attn_q.weight', 'Q4_K', [256, 256]),
    ]
    expect(changes(tensors)).toEqual(['raised', 'base'])
  })

  it('leaves vectors and F32 alone, and says what it does not know', () => {
    const tensors = [
      tensor('blk.0.attn_q.weight', 'Q4_K', [256, 256]),
      tensor('blk.0.ffn_gate_inp.weight', 'F32', [256, 8]),
      tensor('blk.0.attn_norm.weight', 'F32', [256]),
      tensor('blk.0.attn_k.weight', 'Q2_K', [256, 256]),
      tensor('blk.0.attn_v.weight', null, [256, 256]),
    ]
    expect(changes(tensors)).toEqual(['base', 'unquantized', 'unquantized', 'lowered', 'unknown'])
    expect(reportTensors(tensors).matrix.cells.flat()).toContain(null)
  })

  it('calls another type of the same size no change', () => {
    const tensors = [
      tensor('blk.0.attn_q.weight', 'F16', [256, 256]),
      tensor('blk.0.attn_k.weight', 'BF16', [256, 64]),
    ]
    expect(changes(tensors)).toEqual(['base', 'base'])
  })

  it('says when a role was raised everywhere', () => {
    const tensors = [0, 1].flatMap((layer) => [
      tensor(`blk.${layer}.ffn_up.weight`, 'Q4_K', [256, 512]),
      tensor(`blk.${layer}.attn_v.weight`, 'Q8_0', [256, 256]),
    ])
    expect(reportTensors(tensors).bumps).toEqual([
      { change: 'raised', type: 'Q8_0', roles: ['attn_v'], layers: [0, 1], isEverywhere: true },
    ])
  })
})

it('whatever the tensors are, every one is counted once and each bump is a row', () => {
  const name = fc.oneof(
    fc.string(),
    fc
      .tuple(fc.nat(5), fc.constantFrom('attn_v', 'ffn_down', 'attn_norm', 'ffn_up.1'))
      .map(([layer, role]) => `blk.${layer}.${role}.weight`),
  )
  const anyTensor = fc
    .tuple(
      name,
      fc.constantFrom('Q4_K', 'Q6_K', 'Q2_K', 'F16', 'F32', null),
      fc.array(fc.nat(512), { maxLength: 4 }),
    )
    .map(([text, type, shape]) => tensor(text, type, shape))
  fc.assert(
    fc.property(fc.array(anyTensor, { maxLength: 30 }), (tensors) => {
      const report = reportTensors(tensors)
      const bytes = tensors.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)
      for (const groups of [report.byRole, report.byLayer, report.byType]) {
        const entries: readonly { tensors: number; weights: number; bytes: number }[] = groups
        expect(entries.reduce((sum, group) => sum + group.tensors, 0)).toBe(tensors.length)
        expect(entries.reduce((sum, group) => sum + group.weights, 0)).toBe(report.weights)
        expect(entries.reduce((sum, group) => sum + group.bytes, 0)).toBeCloseTo(bytes)
      }
      const { roles, layers, cells } = report.matrix
      expect(cells.map((row) => row.length)).toEqual(roles.map(() => layers.length))
      for (const bump of report.bumps) {
        for (const role of bump.roles) {
          for (const layer of bump.layers ?? [null]) {
            const change = { role, layer, type: bump.type, change: bump.change }
            expect(report.rows).toContainEqual(expect.objectContaining(change))
          }
        }
      }
      const isChanged = ({ change }: { change: string }) =>
        change === 'raised' || change === 'lowered'
      expect(report.bumps.length > 0).toBe(report.rows.some(isChanged))
    }),
  )
})
