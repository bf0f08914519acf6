import type { ToolCallFormat } from '../formats/format.ts'
import type { Result } from '../lib/result.ts'
import type { ChatTemplate, RenderInput, TemplateError, TemplateMessage } from './chat-template.ts'
import { compileTemplate } from './jinja-template.ts'

const TOOLS_SOURCE = `
{{- format_instruction + '\\n\\nThe available tools are:\\n\\n' }}
{%- for tool in tools %}
    {{- (tool | tojson) + ('' if loop.last else '\\n') }}
{%- endfor %}`

/** ChatML, which most small models have seen: one system turn with instruction and tools, results as `tool` turns. */
const FALLBACK_SOURCE = `
{%- set system = messages[0].content if messages and messages[0].role == 'system' else '' %}
{%- if system or tools %}
    {{- '<|im_start|>system\\n' + system }}
    {%- if tools %}
        {{- '\\n\\n' if system else '' }}${TOOLS_SOURCE}
    {%- endif %}
    {{- '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if not (loop.first and message.role == 'system') %}
        {{- '<|im_start|>' + message.role + '\\n' }}
        {{- message.content if message.content is string else message.content | tojson }}
        {{- '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}`

/** Texts that end an answer to the fallback template: a model that was not trained on ChatML has no such token. */
export const FALLBACK_STOP: readonly string[] = ['<|im_end|>', '<|im_start|>']

/** The template for a model that has none, or whose own cannot render this conversation. */
export function fallbackTemplate(format: ToolCallFormat, compile = compileTemplate): ChatTemplate {
  return {
    source: FALLBACK_SOURCE,
    render: (input) => {
      const messages = input.messages.map((message) => writeCalls(message, format))
      return renderOwn(FALLBACK_SOURCE, { ...input, messages }, { format, compile })
    },
  }
}

/** Instruction and tools as text, for the system turn of a template that knows nothing of tools. */
export function toolsAsText(
  input: RenderInput,
  format: ToolCallFormat,
  compile = compileTemplate,
): Result<string, TemplateError> {
  return renderOwn(TOOLS_SOURCE, input, { format, compile })
}

/** Writes the calls of an answer into its content, as the model would. */
export function writeCalls(message: TemplateMessage, format: ToolCallFormat): TemplateMessage {
  if (message.role !== 'assistant' || !message.tool_calls) return message
  const calls = format.render(message.tool_calls.map((call) => call.function))
  const content = [message.content, calls].filter(Boolean).join('\n')
  return { role: 'assistant', content, ...(message.origin && { origin: message.origin }) }
}

function renderOwn(
  source: string,
  input: RenderInput,
  {
    format,
    compile,
  }: { readonly format: ToolCallFormat; readonly compile: typeof compileTemplate },
): Result<string, TemplateError> {
  const compiled = compile(source)
  const variables = { ...input.variables, format_instruction: format.instruction }
  return compiled.ok ? compiled.value.render({ ...input, variables }) : compiled
}
