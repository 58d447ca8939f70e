import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Field, Loading, Problem } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import { useAct } from '../ui/use-act.ts'
import { noteChatChange } from './chat-changes.ts'
import type { Label } from './shapes.ts'
import { useLabels } from './use-labels.ts'

/** The account's labels: put on a chat, taken off it, and made. */
export function ChatLabels({ device, jid }: { readonly device: string; readonly jid: string }) {
  const labels = useLabels(device)
  const { isBusy, error, act } = useAct()
  const set = ({ id, name }: Pick<Label, 'id' | 'name'>, labeled: boolean) =>
    act(async () => {
      const json = { label_id: id, label_name: name, labeled }
      await call('POST', `chat/${encodeURIComponent(jid)}/label`, { device, json })
      tell(labeled ? 'The label was put on.' : 'The label was taken off.')
      noteChatChange()
    })
  return (
    <section class="stack" aria-label="Labels">
      <h3>Labels</h3>
      {labels.error !== null && <Problem error={labels.error} />}
      {labels.data === null && labels.error === null && <Loading what="labels" />}
      {labels.data?.map((label) => {
        const isOn = label.chat_jids.includes(jid)
        return (
          <label key={label.id} class="check">
            <input
              type="checkbox"
              checked={isOn}
              disabled={isBusy}
              onChange={(event) => {
                // It shows what is so, not what is wished for.
                event.currentTarget.checked = isOn
                set(label, !isOn)
              }}
            />
            {label.name}
          </label>
        )
      })}
      {error !== null && <Problem error={error} />}
      {labels.data !== null && (
        <NewLabel
          key={labels.data.length}
          nextId={nextIdOf(labels.data)}
          isBusy={isBusy}
          onMake={(label) => set(label, true)}
        />
      )}
    </section>
  )
}

function NewLabel({
  nextId,
  isBusy,
  onMake,
}: {
  readonly nextId: string
  readonly isBusy: boolean
  readonly onMake: (label: { readonly id: string; readonly name: string }) => void
}) {
  const [id, setId] = useState(nextId)
  const [name, setName] = useState('')
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        onMake({ id: id.trim(), name: name.trim() })
      }}
    >
      <div class="row">
        <Field label="Label number">
          {(ids) => (
            <input
              {...ids}
              class="input"
              required
              inputMode="numeric"
              value={id}
              onInput={(event) => setId(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="grow">
          <Field label="Label name">
            {(ids) => (
              <input
                {...ids}
                class="input"
                required
                value={name}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
      </div>
      <div class="row">
        <button type="submit" class="button" disabled={isBusy}>
          Put label on
        </button>
      </div>
    </form>
  )
}

/** Labels' numbers are texts; the next one is free. */
function nextIdOf(labels: readonly Label[]): string {
  return String(Math.max(0, ...labels.map(({ id }) => Number(id)).filter(Number.isFinite)) + 1)
}
