import type { MlcModel, MlcModelFacts } from '../../core/mlc/mlc-model.ts'
import { readTokenizerConfig, type TokenizerConfig } from '../../core/template/tokenizer-config.ts'
import type { MlcOrigin } from '../mlc-catalog.ts'
import { cachedFile, CONFIG_CACHE, type FetchDeps } from './cached-file.ts'

type PromptTexts = Pick<MlcModelFacts, 'chatTemplate' | 'bosToken' | 'eosToken'>

const NO_TEXTS: TokenizerConfig = { chatTemplate: null, bosToken: '', eosToken: '' }

/**
 * The chat template and its special tokens: from the converted repository, else from the one it was made from.
 *
 * Newer repositories keep the template in a file of its own. What cannot be had is left out: a model runs without it, with
 * a general template, and the app says so.
 */
export async function readPromptTexts(
  deps: FetchDeps,
  { modelUrl, baseUrl }: Pick<MlcModel & MlcOrigin, 'modelUrl' | 'baseUrl'>,
  signal: AbortSignal,
): Promise<PromptTexts> {
  let texts: TokenizerConfig = NO_TEXTS
  for (const folder of baseUrl === null ? [modelUrl] : [modelUrl, baseUrl]) {
    const config = await textOf(deps, new URL('tokenizer_config.json', folder), signal)
    const found = config === null ? null : readTokenizerConfig(config)
    texts = {
      chatTemplate: found?.chatTemplate ?? null,
      bosToken: texts.bosToken || (found?.bosToken ?? ''),
      eosToken: texts.eosToken || (found?.eosToken ?? ''),
    }
    if (texts.chatTemplate !== null) return texts
    const chatTemplate = await textOf(deps, new URL('chat_template.jinja', folder), signal)
    if (chatTemplate !== null && chatTemplate !== '') return { ...texts, chatTemplate }
  }
  return texts
}

async function textOf(deps: FetchDeps, url: URL, signal: AbortSignal): Promise<string | null> {
  const wanted = { cache: CONFIG_CACHE, url: url.href, expected: null } as const
  const file = await cachedFile(deps, { wanted }, signal)
  return file.ok ? file.value.text() : null
}
