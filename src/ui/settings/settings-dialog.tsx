import { RotateCcw } from 'lucide-react'
import { FORMATS } from '../../core/formats/all-formats.ts'
import {
  selectFormat,
  selectIsFormatCertain,
  selectModelSettings,
  selectToolShape,
} from '../../store/selectors.ts'
import type { Theme } from '../../store/state.ts'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { Field, INPUT_CLASS } from '../kit/field.tsx'
import { NumberField } from '../kit/number-field.tsx'
import { useAppStore } from '../use-app-store.ts'
import { FORMAT_GROUPS } from './format-groups.ts'
import { LoadSettings } from './load-settings.tsx'
import { SamplingSettings } from './sampling-settings.tsx'
import { SwitchRow } from './switch-row.tsx'

/** Sampling, loading and prompt settings of the running model, and those of the app. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const info = useAppStore((state) => state.engineInfo)
  const reset = useAppStore((state) => state.resetModelSettings)
  return (
    <Dialog
      open
      onClose={onClose}
      title="Settings"
      description={
        info ? `The first three groups belong to ${info.modelName}.` : 'No model is running yet.'
      }
      width="lg"
      footer={
        <>
          <Button onClick={reset} disabled={!info}>
            <RotateCcw /> Reset to recommended
          </Button>
          <Button tone="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className="grid gap-8">
        <SamplingSettings />
        <LoadSettings />
        <PromptSettings />
        <AppSettings />
      </div>
    </Dialog>
  )
}

function PromptSettings() {
  const settings = useAppStore(selectModelSettings)
  const change = useAppStore((state) => state.changeModelSettings)
  const formatInForce = useAppStore(selectFormat)
  const isCertain = useAppStore(selectIsFormatCertain)
  const shapeInForce = useAppStore(selectToolShape)
  return (
    <section className="grid gap-4">
      <h3 className="text-sm font-semibold">Prompt and parsing</h3>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Tool call format"
          hint={
            formatInForce
              ? `In force: ${formatInForce.label}${isCertain ? '' : ', a guess: the template does not tell'}. ${formatInForce.description}`
              : ''
          }
        >
          {(id, describedBy) => (
            <select
              id={id}
              aria-describedby={describedBy}
              className={INPUT_CLASS}
              value={settings.format}
              onChange={(event) => {
                const chosen = FORMATS.find((format) => format.id === event.target.value)
                change({ format: chosen?.id ?? 'auto' })
              }}
            >
              <option value="auto">Detected from the chat template</option>
              {FORMAT_GROUPS.map((group) => (
                <optgroup key={group.label} label={group.label}>
                  {group.formats.map((format) => (
                    <option key={format.id} value={format.id}>
                      {format.label}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          )}
        </Field>
        <Field
          label="Tools in the prompt"
          hint={
            shapeInForce === 'bare'
              ? 'In force: bare, {"name", "parameters"}.'
              : 'In force: wrapped, {"type": "function", "function": {…}}.'
          }
        >
          {(id, describedBy) => (
            <select
              id={id}
              aria-describedby={describedBy}
              className={INPUT_CLASS}
              value={settings.toolShape}
              onChange={(event) => {
                const value = event.target.value
                change({ toolShape: value === 'bare' || value === 'wrapped' ? value : 'auto' })
              }}
            >
              <option value="auto">As the model was trained</option>
              <option value="bare">Bare</option>
              <option value="wrapped">Wrapped (OpenAI)</option>
            </select>
          )}
        </Field>
      </div>
      <SwitchRow
        label="Keep the format instruction"
        hint="Some templates, xLAM-2’s among them, drop the instruction how to call tools as soon as there is a system prompt. This puts it back."
        checked={settings.keepInstruction}
        onChange={(keepInstruction) => change({ keepInstruction })}
      />
    </section>
  )
}

function AppSettings() {
  const theme = useAppStore((state) => state.theme)
  const setTheme = useAppStore((state) => state.setTheme)
  const automatic = useAppStore((state) => state.automatic)
  const setAutomatic = useAppStore((state) => state.setAutomatic)
  const maxSteps = useAppStore((state) => state.maxSteps)
  const setMaxSteps = useAppStore((state) => state.setMaxSteps)
  const readAhead = useAppStore((state) => state.readAhead)
  const setReadAhead = useAppStore((state) => state.setReadAhead)
  const keepsPrefix = useAppStore((state) => state.capabilities?.prefixCache !== false)
  return (
    <section className="grid gap-4">
      <h3 className="text-sm font-semibold">App</h3>
      <SwitchRow
        label="Automatic mode"
        hint="Gives the tools’ canned results without asking and lets the model go on."
        checked={automatic}
        onChange={setAutomatic}
      />
      <SwitchRow
        label="Read ahead"
        hint={
          keepsPrefix
            ? 'Reads the prompt into the model’s cache while you type or edit tools, so that the answer begins sooner. It costs some power.'
            : 'This engine keeps no prompt between requests.'
        }
        checked={readAhead && keepsPrefix}
        disabled={!keepsPrefix}
        onChange={setReadAhead}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberField
          label="Most steps in automatic mode"
          value={maxSteps}
          range={{ min: 1, max: 50, step: 1 }}
          onChange={setMaxSteps}
        />
        <Field label="Theme">
          {(id) => (
            <select
              id={id}
              className={INPUT_CLASS}
              value={theme}
              onChange={(event) => setTheme(toTheme(event.target.value))}
            >
              <option value="system">As the system</option>
              <option value="light">Light</option>
              <option value="dark">Dark</option>
            </select>
          )}
        </Field>
      </div>
    </section>
  )
}

function toTheme(value: string): Theme {
  return value === 'light' || value === 'dark' ? value : 'system'
}
