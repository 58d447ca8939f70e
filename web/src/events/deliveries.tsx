import { useEffect, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { useEvents } from '../api/live.ts'
import { fromNow, fullTime } from '../ui/format.ts'
import { Empty, Loading, Problem } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import { useLoad } from '../ui/use-load.ts'
import { DeliveryDialog } from './delivery-dialog.tsx'
import { ReplayDialog } from './replay-dialog.tsx'
import type { Delivery, Endpoint } from './shapes.ts'

/** Tries come without an event of their own; they are looked for this often while the page is seen. */
const lookEveryMs = 3_000

const states = [
  ['', 'All'],
  ['pending', 'Waiting'],
  ['delivered', 'Delivered'],
  ['dead', 'Given up'],
] as const

/** What became of events at the webhook endpoints, newest first. */
export function Deliveries() {
  const [state, setState] = useState('')
  const [endpoint, setEndpoint] = useState('')
  const [open, setOpen] = useState<Delivery | null>(null)
  const [isReplaying, setReplaying] = useState(false)
  const endpoints = useLoad('endpoints', (signal) => call<readonly Endpoint[]>('GET', 'webhooks', { signal }))
  const [pages, setPages] = useState(1)
  const list = useLoad(`deliveries ${state} ${endpoint}`, (signal) =>
    fetchNewest({ state, webhook_id: endpoint }, pages, signal),
  )
  useEffect(() => setPages(1), [state, endpoint])
  useEffect(list.reload, [pages])
  useEvents(list.reload)
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) list.reload()
    }, lookEveryMs)
    return () => clearInterval(timer)
  }, [list.reload])
  const nameOf = (id: string) => endpoints.data?.find((each) => each.id === id)?.url ?? id
  return (
    <>
      <div class="row">
        <select
          class="input choice"
          aria-label="State"
          value={state}
          onChange={(event) => setState(event.currentTarget.value)}
        >
          {states.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <select
          class="input choice"
          aria-label="Endpoint"
          value={endpoint}
          onChange={(event) => setEndpoint(event.currentTarget.value)}
        >
          <option value="">All endpoints</option>
          {endpoints.data?.map(({ id, url }) => (
            <option key={id} value={id}>
              {url}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="button"
          disabled={endpoints.data === null || endpoints.data.length === 0}
          onClick={() => setReplaying(true)}
        >
          Replay events
        </button>
      </div>
      {list.error !== null && <Problem error={list.error} />}
      {list.data === null && list.error === null && <Loading what="deliveries" />}
      {list.data?.data.length === 0 && (
        <Empty icon="events" title="No deliveries">
          <p>
            Events are delivered to webhooks: for all devices those of WHATSAPP_WEBHOOK and those added with
            <code>gatewa webhooks</code> or POST /webhooks, or a device’s own on its page.
          </p>
        </Empty>
      )}
      <ul class="event-list">
        {list.data?.data.map((delivery) => (
          <li key={`${delivery.webhook_id} ${delivery.event_id}`}>
            <button type="button" class="card delivery" onClick={() => setOpen(delivery)}>
              <StateBadge state={delivery.state} />
              <code class="kind">{delivery.event}</code>
              <span class="grow cut soft">{nameOf(delivery.webhook_id)}</span>
              <span class="soft small">
                {delivery.attempts === 1 ? '1 try' : `${delivery.attempts} tries`}
                {delivery.last_status !== undefined && `, last ${delivery.last_status}`}
              </span>
              <time class="soft small" dateTime={delivery.queued_at} title={fullTime(delivery.queued_at)}>
                {fromNow(delivery.queued_at)}
              </time>
            </button>
          </li>
        ))}
      </ul>
      {list.data?.hasOlder === true && (
        <div class="row">
          <button type="button" class="button" onClick={() => setPages(pages + 1)}>
            Show older
          </button>
        </div>
      )}
      {open !== null && (
        <DeliveryDialog
          delivery={open}
          endpoint={nameOf(open.webhook_id)}
          onClose={() => {
            setOpen(null)
            list.reload()
          }}
        />
      )}
      {isReplaying && (
        <ReplayDialog
          endpoints={endpoints.data ?? []}
          onClose={() => setReplaying(false)}
          onDone={(text) => {
            setReplaying(false)
            tell(text)
            list.reload()
          }}
        />
      )}
    </>
  )
}

/** The newest deliveries, so many pages of them. */
async function fetchNewest(
  filter: { readonly state: string; readonly webhook_id: string },
  pages: number,
  signal: AbortSignal,
): Promise<{ readonly data: readonly Delivery[]; readonly hasOlder: boolean }> {
  const data: Delivery[] = []
  let before: string | undefined
  for (let page = 0; page < pages; page += 1) {
    const query = { ...filter, before, limit: 100 }
    const found = await call<{ readonly data: readonly Delivery[]; readonly next?: string }>(
      'GET',
      'deliveries',
      { query, signal },
    )
    data.push(...found.data)
    before = found.next
    if (before === undefined) break
  }
  return { data, hasOlder: before !== undefined }
}

/** A delivery's state, in a word and a colour. */
export function StateBadge({ state }: Pick<Delivery, 'state'>) {
  if (state === 'delivered') return <span class="badge good">Delivered</span>
  if (state === 'dead') return <span class="badge bad">Given up</span>
  return <span class="badge warn">Waiting</span>
}
