import { expect, it } from 'vitest'
import type { EditorProblem } from '../kit/editor/editor-problem.ts'
import { mergeProblems } from './merge-problems.ts'

const problem = (
  severity: EditorProblem['severity'],
  start: number,
  message: string,
): EditorProblem => ({ severity, message, span: { start, end: start + 4 } })

it('the schema adds what ours do not cover, in the order of the text', () => {
  const own = [problem('error', 20, 'ours')]
  const ofSchema = [
    problem('warning', 22, 'at the same place'),
    problem('error', 40, 'syntax'),
    problem('warning', 2, 'elsewhere'),
  ]
  expect(mergeProblems(own, ofSchema).map(({ message }) => message)).toEqual(['elsewhere', 'ours'])
})
