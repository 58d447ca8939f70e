import { useState } from 'preact/hooks'
import { Field, Problem } from './parts.tsx'
import { useAct } from './use-act.ts'

/** Sets a picture from a file, or takes it away. */
export function PictureForm({
  label,
  action,
  remove,
  save,
}: {
  readonly label: string
  /** What the button says. */
  readonly action: string
  /** What the button says that takes the picture away. */
  readonly remove: string
  /** Null: the picture is taken away. */
  readonly save: (file: File | null) => Promise<void>
}) {
  const [file, setFile] = useState<File | null>(null)
  const { isBusy, error, act } = useAct()
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        const form = event.currentTarget
        act(async () => {
          await save(file)
          form.reset()
          setFile(null)
        })
      }}
    >
      <Field label={label} hint="Cut square from the middle. At most 10 MB.">
        {(ids) => (
          <input
            {...ids}
            class="input"
            type="file"
            accept="image/*"
            required
            onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
          />
        )}
      </Field>
      {error !== null && <Problem error={error} />}
      <div class="row">
        <button type="submit" class="button" disabled={isBusy || file === null}>
          {action}
        </button>
        <button type="button" class="button" disabled={isBusy} onClick={() => act(() => save(null))}>
          {remove}
        </button>
      </div>
    </form>
  )
}
