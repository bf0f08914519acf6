import type { ChatOptions } from '@mlc-ai/web-llm'

/**
 * Options that make WebLLM pass one user message on as it is: the prompt then is what the session rendered, byte for byte.
 *
 * Its raw completion API takes no grammar, so this is the way to have both. `role_templates` stays away: WebLLM fills it
 * with `String.replace`, which turns `$$` and `$&` in a prompt into something else. `conv_config` is laid over the template
 * and the model's file may have one, so it is emptied. The tokens that end an answer must be the model's own.
 */
export function identityOptions(
  stopTokenIds: readonly number[],
  contextLength: number,
): ChatOptions {
  return {
    conv_template: {
      system_template: '{system_message}',
      system_message: '',
      roles: { user: '', assistant: '', tool: '' },
      role_content_sep: '',
      role_empty_sep: '',
      seps: [''],
      stop_str: [],
      stop_token_ids: [...stopTokenIds],
    },
    conv_config: {},
    context_window_size: contextLength,
    sliding_window_size: -1,
  }
}
