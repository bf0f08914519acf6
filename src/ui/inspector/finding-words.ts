import type { TemplateFinding } from '../../core/template/lint-template.ts'
import { assertNever } from '../../core/lib/assert-never.ts'
import type { ModelSettings } from '../../store/state.ts'
import { formatCount } from '../kit/quantities.ts'

export type FindingWords = {
  readonly title: string
  readonly why: string
  /** What one click mends; null when no setting can. */
  readonly fix: {
    readonly label: string
    readonly change: Partial<ModelSettings>
    readonly reloads: boolean
  } | null
}

/** What silently goes wrong, why it matters, and what mends it. */
export function findingWords(finding: TemplateFinding, settings: ModelSettings): FindingWords {
  const fix = (label: string, change: Partial<ModelSettings>, reloads = false) => ({
    label,
    change,
    reloads,
  })
  switch (finding.kind) {
    case 'instruction-dropped':
      return {
        title: 'The system prompt drops the format instruction',
        why: 'This template prints how to write calls only without a system prompt, so the model is not told.',
        fix: fix('Keep the instruction', { keepInstruction: true }),
      }
    case 'wrapped-tools':
      return {
        title: 'Tools are wrapped, but the model was trained on bare ones',
        why: 'It reads {"type": "function", "function": …} where it learned {"name": …}: more tokens, worse calls.',
        fix: fix('Use the trained form', { toolShape: 'auto' }),
      }
    case 'bare-tools':
      return {
        title: 'The template loses the names of bare tools',
        why: 'It reads the wrapper {"type": "function", "function": …}, which is not there.',
        fix: fix('Use the trained form', { toolShape: 'auto' }),
      }
    case 'quoted-arguments':
      return {
        title: 'Arguments of earlier calls are printed as a quoted string',
        why: 'The model sees "arguments": "{\\"…\\"}" where it was trained on an object. Edit the template: print arguments with tojson once.',
        fix: null,
      }
    case 'ids-not-printed':
      return {
        title: 'Nothing tells which result belongs to which call',
        why: 'Several calls were answered at once, and this template prints no ids: the model goes by their order alone.',
        fix: null,
      }
    case 'doubled-bos':
      return {
        title: 'The prompt begins with BOS twice',
        why:
          finding.by === 'template'
            ? 'The template prints it twice, which no model saw in training.'
            : 'The engine puts one in front, and white space hides the template’s own from it. Edit the template: begin with bos_token.',
        fix: null,
      }
    case 'tools-ignored':
      return {
        title: 'This template ignores tools',
        why: 'Callground writes them into the system turn instead; the model may never have seen any there.',
        fix: null,
      }
    case 'too-long': {
      const { promptTokens, maxTokens, contextLength } = finding
      const left = contextLength - promptTokens
      return {
        title: `Prompt and answer do not fit in ${formatCount(contextLength)} tokens`,
        why: `The prompt has ${formatCount(promptTokens)}, the answer may have ${formatCount(maxTokens)}.`,
        fix:
          left > 0
            ? fix(`Limit the answer to ${formatCount(left)}`, {
                sampling: { ...settings.sampling, maxTokens: left },
              })
            : fix(
                'Load again with a longer context',
                { load: { ...settings.load, contextLength: promptTokens + maxTokens } },
                true,
              ),
      }
    }
    default:
      return assertNever(finding)
  }
}
