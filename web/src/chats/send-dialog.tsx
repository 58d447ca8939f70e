import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Problem } from '../ui/parts.tsx'
import {
  kindOfFile,
  type SendField,
  type SendForm,
  type SendKind,
  sendKinds,
  toPayload,
} from './send-kinds.ts'

/** Sends everything that is not plain text, with a bar that shows how much of a file has gone. */
export function SendDialog({
  device,
  jid,
  reply,
  file,
  onClose,
  onSent,
}: {
  readonly device: string
  readonly jid: string
  readonly reply: Readonly<Record<string, string>>
  /** A file that was dropped or pasted. */
  readonly file: File | null
  readonly onClose: () => void
  readonly onSent: () => void
}) {
  const [kind, setKind] = useState<SendKind>(file === null ? 'image' : kindOfFile(file))
  const [values, setValues] = useState<Readonly<Record<string, string | boolean>>>({})
  const [chosen, setChosen] = useState<File | null>(file)
  const [progress, setProgress] = useState<number | null>(null)
  const [error, setError] = useState<unknown>(null)
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])
  const { path, fields, fileField, accept }: SendForm = sendKinds[kind]

  const submit = (event: Event) => {
    event.preventDefault()
    setError(null)
    setProgress(0)
    abort.current = new AbortController()
    const payload = toPayload(kind, { phone: jid, ...reply }, values, chosen)
    call('POST', path, { device, ...payload, onProgress: setProgress, signal: abort.current.signal }).then(
      () => {
        onSent()
        onClose()
      },
      (thrown: unknown) => {
        setProgress(null)
        setError(thrown)
      },
    )
  }
  return (
    <Dialog title="Send" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label="What">
          {(ids) => (
            <select
              {...ids}
              class="input"
              value={kind}
              onChange={(event) => setKind(event.currentTarget.value as SendKind)} // the options are the kinds
            >
              {Object.entries(sendKinds).map(([name, { label }]) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        {fileField !== undefined && (
          <Field label="File" hint={chosen === null ? undefined : chosen.name}>
            {(ids) => (
              <input
                {...ids}
                class="input"
                type="file"
                accept={accept}
                required={chosen === null}
                onChange={(event) => setChosen(event.currentTarget.files?.[0] ?? null)}
              />
            )}
          </Field>
        )}
        {fields.map((field) => (
          <SendFieldInput
            key={`${kind} ${field.name}`}
            field={field}
            value={values[field.name]}
            onValue={(value) => setValues((now) => ({ ...now, [field.name]: value }))}
          />
        ))}
        {error !== null && <Problem error={error} />}
        {progress !== null && (
          <progress class="progress" max={1} value={progress} aria-label="Upload">
            {Math.round(progress * 100)} %
          </progress>
        )}
        <footer>
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button main" disabled={progress !== null}>
            Send
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

function SendFieldInput({
  field,
  value,
  onValue,
}: {
  readonly field: SendField
  readonly value: string | boolean | undefined
  readonly onValue: (value: string | boolean) => void
}) {
  if (field.kind === 'check')
    return (
      <label class="check">
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => onValue(event.currentTarget.checked)}
        />
        {field.label}
      </label>
    )
  const text = typeof value === 'string' ? value : ''
  return (
    <Field label={field.label} hint={field.hint}>
      {(ids) =>
        field.kind === 'lines' ? (
          <textarea
            {...ids}
            class="input"
            rows={4}
            required={field.isRequired}
            value={text}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
        ) : (
          <input
            {...ids}
            class="input"
            required={field.isRequired}
            value={text}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
        )
      }
    </Field>
  )
}
