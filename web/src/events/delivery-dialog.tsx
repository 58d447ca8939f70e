import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { fromNow, fullTime } from '../ui/format.ts'
import { Loading, Problem } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import { useLoad } from '../ui/use-load.ts'
import type { Attempt, Delivery } from './shapes.ts'

/** A delivery with all its tries, to be made again. */
export function DeliveryDialog({
  delivery,
  endpoint,
  onClose,
}: {
  readonly delivery: Delivery
  readonly endpoint: string
  readonly onClose: () => void
}) {
  const path = `deliveries/${encodeURIComponent(delivery.webhook_id)}/${encodeURIComponent(delivery.event_id)}`
  const { data, error } = useLoad(path, (signal) =>
    call<Delivery & { readonly tries: readonly Attempt[] }>('GET', path, { signal }),
  )
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const retry = () => {
    setBusy(true)
    call('POST', `${path}/retry`).then(
      () => {
        tell('It is delivered again.')
        onClose()
      },
      (thrown: unknown) => {
        setBusy(false)
        setFailure(thrown)
      },
    )
  }
  return (
    <Dialog title={delivery.event} onClose={onClose}>
      <dl class="facts">
        <dt>Endpoint</dt>
        <dd>{endpoint}</dd>
        <dt>Event</dt>
        <dd class="mono">{delivery.event_id}</dd>
        <dt>Device</dt>
        <dd>{delivery.device_id}</dd>
        {delivery.next_attempt_at !== undefined && (
          <>
            <dt>Next try</dt>
            <dd>{fromNow(delivery.next_attempt_at)}</dd>
          </>
        )}
      </dl>
      {(error ?? failure) !== null && <Problem error={error ?? failure} />}
      {data === null && error === null && <Loading what="tries" />}
      {data !== null && (
        <ol class="tries">
          {data.tries.length === 0 && <li class="soft">Not tried yet.</li>}
          {data.tries.map((attempt) => (
            <li key={attempt.attempt}>
              <b>{attempt.status ?? 'No answer'}</b>
              <span class="soft small">
                {fullTime(attempt.at)}, {attempt.duration_ms} ms
              </span>
              {attempt.error !== undefined && <div class="small">{attempt.error}</div>}
            </li>
          ))}
        </ol>
      )}
      <footer>
        <button type="button" class="button main" disabled={isBusy} onClick={retry}>
          Deliver again
        </button>
      </footer>
    </Dialog>
  )
}
