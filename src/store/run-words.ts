import type { ParsedOutput } from '../core/formats/parsed-output.ts'
import { assertNever } from '../core/lib/assert-never.ts'
import type { RunEnd } from '../session/session-event.ts'
import type { NewNotice } from './context.ts'

/** `2 calls`, `no call`. */
function callCountText({ calls }: ParsedOutput): string {
  return calls.length === 0 ? 'no call' : plural(calls.length, 'call')
}

/** What a screen reader says when a run is over. */
export function runEndText(end: RunEnd, output: ParsedOutput): string {
  const answer = `Answer complete, ${callCountText(output)}`
  switch (end.type) {
    case 'answered':
      return answer
    case 'waiting':
      return `${answer}. ${waitingText(output)}`
    case 'step-limit':
    case 'repeated-call':
      return `${runEndNotice(end)?.title ?? answer}. ${waitingText(output)}`
    case 'stopped':
      return 'Stopped'
    case 'failed':
      return 'The answer failed'
    default:
      return assertNever(end)
  }
}

/** `Waiting for 2 results`. */
export function waitingText({ calls }: ParsedOutput): string {
  return `Waiting for ${plural(calls.filter(({ state }) => state.type === 'complete').length, 'result')}`
}

/** Why automatic mode stopped, where it is not obvious from the calls. */
export function runEndNotice(end: RunEnd): NewNotice | null {
  switch (end.type) {
    case 'step-limit':
      return {
        tone: 'warning',
        title: `Stopped after ${plural(end.maxSteps, 'step')}`,
        advice:
          'That is the most that automatic mode may take. Give the results by hand to go on, or raise it in the settings.',
      }
    case 'repeated-call':
      return {
        tone: 'warning',
        title: `Stopped: ${end.name} was called ${end.times} times with the same arguments`,
        advice:
          'The model goes round in circles. Give another result by hand, or ask in another way.',
      }
    case 'waiting':
      return waitingNotice(end.why)
    case 'answered':
    case 'stopped':
    case 'failed':
      return null
    default:
      return assertNever(end)
  }
}

function waitingNotice(why: Extract<RunEnd, { type: 'waiting' }>['why']): NewNotice | null {
  const title = 'Automatic mode waits for you'
  switch (why) {
    case 'manual':
      return null
    case 'invalid-call':
      return {
        tone: 'info',
        title,
        advice: 'A call does not fit its tool. Edit its arguments, or give the results by hand.',
      }
    case 'unreadable-call':
      return {
        tone: 'info',
        title,
        advice: 'A call cannot be read. Give the results by hand, or answer again.',
      }
    case 'no-canned-result':
      return {
        tone: 'info',
        title,
        advice: 'A call has no canned result that fits its arguments. Give the results by hand.',
      }
    case 'not-finished':
      return {
        tone: 'info',
        title,
        advice:
          'The answer was cut off. Give the results by hand, or raise max tokens and answer again.',
      }
    default:
      return assertNever(why)
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
