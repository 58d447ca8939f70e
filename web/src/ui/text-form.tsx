import { useState } from 'preact/hooks'
import { Field, Problem } from './parts.tsx'
import { useAct } from './use-act.ts'

/** One text that can be changed. */
export function TextForm({
  label,
  hint,
  value,
  isRequired = false,
  isLong = false,
  action,
  save,
}: {
  readonly label: string
  readonly hint?: string
  /** What it is now. */
  readonly value: string
  readonly isRequired?: boolean
  readonly isLong?: boolean
  /** What the button says. */
  readonly action: string
  readonly save: (text: string) => Promise<void>
}) {
  const [text, setText] = useState(value)
  const { isBusy, error, act } = useAct()
  const common = { class: 'input', required: isRequired, value: text }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        act(() => save(text))
      }}
    >
      <Field label={label} hint={hint}>
        {(ids) =>
          isLong ? (
            <textarea {...ids} {...common} rows={3} onInput={(event) => setText(event.currentTarget.value)} />
          ) : (
            <input
              {...ids}
              {...common}
              autocomplete="off"
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )
        }
      </Field>
      {error !== null && <Problem error={error} />}
      <div class="row">
        <button type="submit" class="button" disabled={isBusy || text === value}>
          {action}
        </button>
      </div>
    </form>
  )
}
