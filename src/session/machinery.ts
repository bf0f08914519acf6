import { detectFormat, formatById } from '../core/formats/all-formats.ts'
import { argumentText, withArgument } from '../core/formats/argument-text.ts'
import { diagnoseOutput } from '../core/formats/diagnose-output.ts'
import { checkDefinition } from '../core/tools/check-definition.ts'
import { validateCall } from '../core/schema/validate-call.ts'
import { buildPrompt } from '../core/template/build-prompt.ts'
import { findFormat } from '../core/template/find-format.ts'
import { lintTemplate } from '../core/template/lint-template.ts'
import { preferredToolShape } from '../core/template/template-probe.ts'
import { requestCode } from '../core/export/request-code.ts'
import { xrayPrompt } from '../core/template/xray-prompt.ts'
import { bindCalls, rulesInForce } from './bind-calls.ts'
import { runAgent } from './run-agent.ts'
import { chatRequestOf } from './run-chat-turn.ts'
import { runNative } from './run-native.ts'

/**
 * What is only needed once there is a model or an answer: templates, formats, validation, the turn loop.
 *
 * In one place so that it can be fetched beside the engine, after the page is there: Jinja and the validator are a
 * good part of the JavaScript.
 */
export type Machinery = {
  readonly buildPrompt: typeof buildPrompt
  readonly findFormat: typeof findFormat
  readonly xrayPrompt: typeof xrayPrompt
  readonly lintTemplate: typeof lintTemplate
  readonly preferredToolShape: typeof preferredToolShape
  readonly validateCall: typeof validateCall
  readonly formatById: typeof formatById
  readonly detectFormat: typeof detectFormat
  readonly argumentText: typeof argumentText
  readonly withArgument: typeof withArgument
  readonly diagnoseOutput: typeof diagnoseOutput
  readonly checkDefinition: typeof checkDefinition
  readonly bindCalls: typeof bindCalls
  readonly rulesInForce: typeof rulesInForce
  readonly runAgent: typeof runAgent
  readonly runNative: typeof runNative
  readonly chatRequestOf: typeof chatRequestOf
  readonly requestCode: typeof requestCode
}

export const machinery: Machinery = {
  buildPrompt,
  findFormat,
  xrayPrompt,
  lintTemplate,
  preferredToolShape,
  validateCall,
  formatById,
  detectFormat,
  argumentText,
  withArgument,
  diagnoseOutput,
  checkDefinition,
  bindCalls,
  rulesInForce,
  runAgent,
  runNative,
  chatRequestOf,
  requestCode,
}
