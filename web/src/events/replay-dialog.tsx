import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Problem } from '../ui/parts.tsx'
import type { Endpoint } from './shapes.ts'

const spans = [
  [1, 'The last hour'],
  [24, 'The last day'],
  [168, 'The last week'],
  [0, 'All that is kept'],
] as const

/** Brings past events to an endpoint once more. */
export function ReplayDialog({
  endpoints,
  onClose,
  onDone,
}: {
  readonly endpoints: readonly Endpoint[]
  readonly onClose: () => void
  readonly onDone: (text: string) => void
}) {
  const [endpoint, setEndpoint] = useState(endpoints[0]?.id ?? '')
  const [hours, setHours] = useState(1)
  const [onlyDead, setOnlyDead] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const submit = (event: Event) => {
    event.preventDefault()
    setBusy(true)
    const since = hours === 0 ? {} : { since: new Date(Date.now() - hours * 3_600_000).toISOString() }
    const json = { ...since, only_dead: onlyDead }
    call<{ readonly events: number }>('POST', `webhooks/${encodeURIComponent(endpoint)}/replay`, {
      json,
    }).then(
      ({ events }) =>
        onDone(events === 1 ? '1 event is delivered again.' : `${events} events are delivered again.`),
      (thrown: unknown) => {
        setBusy(false)
        setError(thrown)
      },
    )
  }
  return (
    <Dialog title="Replay events" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="soft">Past events are delivered once more, in their order and under their ids.</p>
        <Field label="Endpoint">
          {(ids) => (
            <select
              {...ids}
              class="input"
              value={endpoint}
              onChange={(event) => setEndpoint(event.currentTarget.value)}
            >
              {endpoints.map(({ id, url }) => (
                <option key={id} value={id}>
                  {url}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Events of">
          {(ids) => (
            <select
              {...ids}
              class="input"
              value={String(hours)}
              onChange={(event) => setHours(Number(event.currentTarget.value))}
            >
              {spans.map(([value, label]) => (
                <option key={value} value={String(value)}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <label class="check">
          <input
            type="checkbox"
            checked={onlyDead}
            onChange={(event) => setOnlyDead(event.currentTarget.checked)}
          />
          Only those that were given up
        </label>
        {error !== null && <Problem error={error} />}
        <footer>
          <button type="submit" class="button main" disabled={isBusy}>
            Replay
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
