import { describe, expect, it } from 'vitest'
import { loadProgress } from './load-progress.ts'

describe('loadProgress', () => {
  // The sentences are those of WebLLM 0.2.86.
  it.each([
    ['Start to fetch params', 0, null],
    [
      'Fetching param cache[3/12]: 96MB fetched. 25% completed, 4 secs elapsed. It can take a while when we first visit this page to populate the cache. Later refreshes will become faster.',
      0.25,
      { phase: 'download', doneBytes: 250, totalBytes: 1000 },
    ],
    [
      'Loading model from cache[6/12]: 192MB loaded. 50% completed, 9 secs elapsed.',
      0.5,
      { phase: 'weights', doneBytes: 500, totalBytes: 1000 },
    ],
    [
      'Loading model from cache[0/0]: 0MB loaded.',
      Number.NaN,
      { phase: 'weights', doneBytes: 0, totalBytes: 1000 },
    ],
    ['Finish loading on WebGPU - nvidia', 1, { phase: 'warm-up' }],
  ])('reads %j', (text, progress, expected) => {
    expect(loadProgress({ text, progress }, 1000)).toEqual(expected)
  })
})
