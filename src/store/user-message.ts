import type { FileLook } from '../core/gguf/gguf-header.ts'
import { assertNever } from '../core/lib/assert-never.ts'
import type { FallbackReason } from '../core/template/build-prompt.ts'
import type { TemplateError } from '../core/template/chat-template.ts'
import type { EngineError } from '../engine/engine.ts'
import type { SelfTest } from '../engine/self-test.ts'
import type { BuiltInModelError } from '../hub/built-in-model.ts'
import type { LocalModelError, OtherContent } from '../hub/local-model.ts'
import type { KnownFile, ReopenError } from '../hub/reopen-files.ts'
import type { TurnError } from '../session/session-event.ts'
import { endpointMessage } from './endpoint-message.ts'
import type { UserMessage } from './state.ts'

/** What the user reads when an engine fails, while it loads a model or while it answers. */
export function engineMessage(error: EngineError): UserMessage {
  switch (error.kind) {
    case 'context-exceeded':
      return {
        title: `The prompt has ${count(error.promptTokens)} tokens, more than the context of ${count(error.contextLength)}`,
        advice:
          'Raise the context length in the settings and load the model again, switch off tools, or start a new conversation.',
      }
    case 'out-of-memory':
      return {
        title:
          error.neededBytes === null
            ? 'The model needs more memory than this tab may use'
            : `The model needs ${gib(error.neededBytes)}, more than this tab may use`,
        advice:
          'Lower the context length in the settings, or try a smaller quantization or a smaller model.',
      }
    case 'device-lost':
      return {
        title: 'The GPU stopped working for this page',
        advice:
          `Your conversation is safe. Load the model again; if it happens again, set the GPU layers to 0. ${detail(error.detail)}`.trim(),
      }
    case 'gpu-failed':
      return {
        title: 'The GPU driver refused what the engine asked for',
        advice:
          `Your conversation is safe. Load the model on the CPU, or update the browser and the driver. ${detail(error.detail)}`.trim(),
      }
    case 'bad-constraint':
      return {
        title: 'The engine could not hold the model to its tools',
        advice:
          `Set the tool choice to auto, or simplify the tools that are on. ${detail(error.detail)}`.trim(),
      }
    case 'corrupt-model':
      return {
        title: 'The model file is damaged',
        advice: `Download the file again. ${detail(error.detail)}`.trim(),
      }
    case 'unsupported':
      return {
        title: 'This model cannot run here',
        advice: `The engine does not support it. ${detail(error.detail)}`.trim(),
      }
    case 'network':
      return {
        title: 'The engine could not be fetched',
        advice: `Check the connection and try again. ${detail(error.detail)}`.trim(),
      }
    case 'crashed':
      return {
        title: 'The engine stopped unexpectedly',
        advice:
          `Your conversation is safe. Load the model again and go on. ${detail(error.detail)}`.trim(),
      }
    case 'endpoint':
      return endpointMessage(error.failure)
    case 'aborted':
      return { title: 'Loading was cancelled', advice: 'Load the model again whenever you like.' }
    default:
      return assertNever(error)
  }
}

/** What the user reads when a GPU failed its self-test and the CPU computes instead. */
export function gpuDistrusted(modelName: string, test: SelfTest): UserMessage {
  return {
    title: `${modelName} runs on the CPU: the GPU computed wrong numbers`,
    advice:
      `Only ${test.agreeing} of ${test.positions} checks of the self-test agreed on ${test.adapter}. Update the browser and the graphics driver. ${detail(test.detail)}`.trim(),
  }
}

/** What the user reads when the model that ships with the site could not be fetched. */
export function builtInModelMessage(error: BuiltInModelError): UserMessage {
  const title = 'The built-in model could not be fetched'
  switch (error.kind) {
    case 'fetch-failed':
      return { title, advice: `Check the connection and try again. ${detail(error.detail)}`.trim() }
    case 'http-status':
      return {
        title,
        advice: `The server answered ${error.status}. Try again, or open a .gguf file of your own.`,
      }
    case 'size-mismatch':
      return {
        title,
        advice: `Only ${count(error.receivedBytes)} of ${count(error.expectedBytes)} bytes arrived. Try again.`,
      }
    case 'aborted':
      return { title: 'Loading was cancelled', advice: 'Load the model again whenever you like.' }
    default:
      return assertNever(error)
  }
}

/** What the user reads when files that they opened are no model. */
export function localModelMessage(error: LocalModelError): UserMessage {
  switch (error.kind) {
    case 'no-files':
      return {
        title: 'There is no .gguf file among these',
        advice: 'Choose one .gguf file, or all shards of one model.',
      }
    case 'unreadable':
      return {
        title: `${error.file} could not be read`,
        advice:
          `It may have been moved or changed since it was chosen: choose it again. ${detail(error.detail)}`.trim(),
      }
    case 'not-gguf':
      return {
        title: `${error.file} is not a GGUF file`,
        advice: `${FILE_LOOKS[error.looksLike]} Choose a file that ends in .gguf.`.trim(),
      }
    case 'unsupported-version':
      return error.byteOrder === 'big-endian'
        ? {
            title: `${error.file} was made for big-endian machines`,
            advice: 'Choose the usual, little-endian file of the same model.',
          }
        : {
            title: `${error.file} is GGUF version ${error.version}, which cannot be read`,
            advice:
              'Versions 2 and 3 can. Convert the model again with a current llama.cpp, or download a newer file.',
          }
    case 'corrupt':
      return {
        title: `${error.file} is damaged`,
        advice: `Download it again. ${detail(error.detail)}`.trim(),
      }
    case 'cut-off':
      return {
        title: `${error.file} is incomplete`,
        advice: `It has ${megabytes(error.actualBytes)} of ${error.isLeast ? 'at least ' : ''}${megabytes(error.expectedBytes)}. Download it again.`,
      }
    case 'not-a-language-model':
      return {
        title: `${error.file} is ${contentOf(error.what)}, not a language model`,
        advice: 'Choose the model file that belongs to it.',
      }
    case 'several-models':
      return {
        title: `These are ${error.models.length} models: ${listed(error.models)}`,
        advice: 'Choose one of them, with all of its shards.',
      }
    case 'missing-shards':
      return {
        title: `${error.missing.length === 1 ? 'A part' : `${error.missing.length} parts`} of ${error.count} ${error.missing.length === 1 ? 'is' : 'are'} missing: ${listed(error.missing)}`,
        advice: 'Choose all parts of the model together.',
      }
    case 'duplicate-shards':
      return {
        title: `The same part was chosen twice: ${listed(error.files)}`,
        advice: 'Choose each part of the model once.',
      }
    case 'shards-do-not-fit':
      return {
        title: 'The parts do not belong together',
        advice: `The first one speaks of ${count(error.expectedTensors)} tensors, together they have ${count(error.actualTensors)}. Download all of them from the same place.`,
      }
    case 'too-large':
      return {
        title: `The model needs ${gib(error.neededBytes)}, and ${gib(error.limitBytes)} is the most here`,
        advice: 'Choose a smaller quantization or a smaller model.',
      }
    default:
      return assertNever(error)
  }
}

/** What the user reads when the local files of before cannot simply be opened again. */
export function reopenMessage(
  error: ReopenError,
  { name, files }: { readonly name: string; readonly files: readonly KnownFile[] },
): UserMessage {
  const names = listed(files.map(({ path }) => path))
  switch (error.kind) {
    case 'lost':
      return {
        title: `The ${files.length === 1 ? 'file' : 'files'} of ${name} must be chosen again`,
        advice: `The browser does not lead this page back to ${names}.`,
      }
    case 'needs-permission':
      return {
        title: `${name} can be opened again`,
        advice: `The browser first asks whether this page may read ${names}.`,
      }
    case 'refused':
      return {
        title: `The browser does not let this page read ${names}`,
        advice: 'Open it again and allow it, or choose the files again.',
      }
    case 'gone':
      return {
        title: `${error.file} is not where it was`,
        advice: `It was moved, renamed or deleted, or its disk is not connected. Choose the files of ${name} again.`,
      }
    case 'changed':
      return {
        title: `${error.file} has changed since it was opened`,
        advice: `${
          error.oldSizeBytes === error.newSizeBytes
            ? 'It was written anew, with the same size.'
            : `It had ${megabytes(error.oldSizeBytes)} and has ${megabytes(error.newSizeBytes)} now.`
        } Choose it again to open it as it is.`,
      }
    case 'unreadable':
      return {
        title: `${error.file} cannot be read`,
        advice: `Choose the files of ${name} again. ${detail(error.detail)}`.trim(),
      }
    case 'aborted':
      return { title: 'It was cancelled', advice: 'Open it again whenever you like.' }
    default:
      return assertNever(error)
  }
}

/** Why a prompt could not be made, or why it was not made with the model's own template. */
export function templateMessage(error: TemplateError | FallbackReason): UserMessage {
  switch (error.kind) {
    case 'no-template':
      return {
        title: 'The model file has no chat template',
        advice:
          'A general one is used: the model may not follow it well. Choose the tool call format in the settings.',
      }
    case 'template-syntax':
      return {
        title: "The model's chat template cannot be read",
        advice: `A general one is used instead. ${detail(error.message)}`.trim(),
      }
    case 'template-refused':
      return {
        title: "The model's chat template refuses this conversation",
        advice: `Its authors say: ${error.message || 'nothing more'}. A general template is used instead.`,
      }
    case 'template-failed':
      return {
        title: "The model's chat template fails on this conversation",
        advice: `A general one is used instead. ${detail(error.message)}`.trim(),
      }
    default:
      return assertNever(error)
  }
}

export function turnMessage(error: TurnError): UserMessage {
  switch (error.kind) {
    case 'engine':
      return engineMessage(error.error)
    case 'template':
      return {
        title: 'The prompt could not be made',
        advice:
          `No template can print this conversation. Edit what was written last. ${detail(error.error.message)}`.trim(),
      }
    case 'tool-choice':
      return error.error.kind === 'unknown-tool'
        ? {
            title: `The tool ${error.error.name} is not on`,
            advice: 'Switch it on, or choose another tool beside the message field.',
          }
        : {
            title: 'A call is required, but no tool is on',
            advice: 'Switch on a tool, or set the tool choice to auto.',
          }
    default:
      return assertNever(error)
  }
}

export const NO_MODEL: UserMessage = {
  title: 'No model is running',
  advice: 'Load the built-in model or open a .gguf file, then try again.',
}

const FILE_LOOKS: Readonly<Record<FileLook, string>> = {
  empty: 'It is empty.',
  safetensors: 'It looks like safetensors weights: convert them to GGUF with llama.cpp first.',
  zip: 'It looks like a zip archive: unpack it first.',
  gzip: 'It looks like a gzip archive: unpack it first.',
  pickle: 'It looks like PyTorch weights: convert them to GGUF with llama.cpp first.',
  'old-ggml': 'It is in a format from before GGUF: convert it again with a current llama.cpp.',
  html: 'It is a web page, so the download probably needed a login.',
  'git-lfs-pointer': 'It is only the Git LFS pointer to the file: fetch the file itself.',
  json: 'It is JSON.',
  text: 'It is a text file.',
  unknown: '',
}

function contentOf(what: OtherContent): string {
  switch (what) {
    case 'vision-projector':
      return 'a vision projector'
    case 'adapter':
      return 'a LoRA adapter'
    case 'importance-matrix':
      return 'an importance matrix'
    case 'vocabulary':
      return 'a vocabulary'
    default:
      return assertNever(what)
  }
}

/** What an engine says in its own words, marked as that. */
function detail(text: string): string {
  return text === '' ? '' : `(${text})`
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** Files in decimal units, as disks and the Hub show them. */
function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString('en-US', { maximumFractionDigits: 2 })} MB`
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toLocaleString('en-US', { maximumFractionDigits: 1 })} GiB`
}
