import { TOOL_META_SCHEMA } from '../../../core/tools/tool-meta-schema.ts'
import type { JsonLanguageRequest } from './json-language-protocol.ts'
import { createJsonLanguageServer } from './json-language-server.ts'

const answer = createJsonLanguageServer(TOOL_META_SCHEMA)

addEventListener('message', ({ data }: MessageEvent<JsonLanguageRequest>) => {
  // `answer` never rejects: a failure is one of its responses.
  void answer(data).then((response) => postMessage(response))
})
