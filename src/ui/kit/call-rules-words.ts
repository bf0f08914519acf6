import { assertNever } from '../../core/lib/assert-never.ts'
import type { CallRules, ToolChoice } from '../../core/tools/tool-choice.ts'

/** The choice in one word, or the name of the tool. */
export function toolChoiceText(choice: ToolChoice): string {
  switch (choice.type) {
    case 'auto':
      return 'auto'
    case 'none':
      return 'none'
    case 'required':
      return 'required'
    case 'tool':
      return choice.name
    default:
      return assertNever(choice)
  }
}

/** All rules in a few words: `required · one call · strict`. */
export function callRulesText({ choice, parallel, strict }: CallRules): string {
  const words = [toolChoiceText(choice)]
  if (choice.type === 'none') return words.join('')
  if (!parallel) words.push('one call')
  if (strict) words.push('strict')
  return words.join(' · ')
}
