import type { Failure } from './call-reader.ts'
import { GemmaArguments } from './gemma-arguments.ts'
import {
  CallReport,
  type CallPlace,
  type NotationReader,
  type ReaderContext,
} from './notation-reader.ts'

const PREFIX = 'call:'
const OPEN_BRACE = 0x7b
const NAME_PART = /[\w.-]/

/** Reads `call:name{…}` between FunctionGemma's tags. */
export class GemmaCalls implements NotationReader {
  state: NotationReader['state'] = 'open'
  calls = 0
  failure: Failure | null = null
  private readonly report: CallReport
  private readonly place: CallPlace
  private readonly args = new GemmaArguments()
  private step: 'prefix' | 'name' | 'arguments' = 'prefix'
  private prefixLength = 0
  private nameStart = 0
  private name = ''

  constructor({ sink }: ReaderContext, place: CallPlace) {
    this.report = new CallReport(sink, place.start)
    this.place = place
  }

  read(chunk: string, from: number, base: number): number {
    let index = from
    while (index < chunk.length && this.state === 'open') {
      if (this.step === 'arguments') index = this.readArguments(chunk, index, base)
      else index += this.readHead(chunk, index, base + index)
    }
    return index
  }

  reportArguments(end: number): void {
    if (this.step === 'arguments') this.report.reportArguments(end)
  }

  cutOff(end: number): boolean {
    if (!this.place.isAnnounced) return false
    this.report.cutOff(end)
    return true
  }

  private readHead(chunk: string, index: number, at: number): 0 | 1 {
    const character = chunk.charAt(index)
    if (this.step === 'prefix') {
      if (character !== PREFIX.charAt(this.prefixLength))
        return this.fail(this.place.start, `"${PREFIX}"`)
      this.prefixLength += 1
      if (this.prefixLength === PREFIX.length) {
        this.step = 'name'
        this.nameStart = at + 1
      }
      return 1
    }
    if (character.charCodeAt(0) === OPEN_BRACE && this.name !== '') {
      const nameSpan = { start: this.nameStart, end: this.nameStart + this.name.length }
      this.report.argumentsStart = at
      this.report.announce(this.name, nameSpan)
      this.step = 'arguments'
      return 0
    }
    if (NAME_PART.test(character)) {
      this.name += character
      return 1
    }
    return this.fail(at, this.name === '' ? 'the name of a tool' : '"{" after the name of the tool')
  }

  private readArguments(chunk: string, from: number, base: number): number {
    const { args, report } = this
    const index = args.read(chunk, from, base)
    if (args.state === 'done') {
      const end = base + index
      report.complete(end, { start: report.argumentsStart, end }, args.tree.root?.value ?? {})
      this.calls = 1
      this.state = 'done'
    } else if (args.state === 'invalid') {
      report.reportArguments(base + index)
      this.fail(args.invalidAt, args.expected)
    }
    return index
  }

  private fail(at: number, expected: string): 0 {
    this.failure = this.report.fail(at, expected, false)
    this.calls = 1
    this.state = 'broken'
    return 0
  }
}
