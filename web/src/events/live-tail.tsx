import { useState } from 'preact/hooks'
import { recentEvents } from '../api/live.ts'
import { fullTime } from '../ui/format.ts'
import { Empty } from '../ui/parts.tsx'

const mostShown = 200

/** The events since the page was opened, newest first. */
export function LiveTail({
  filter,
  onFilter,
}: {
  readonly filter: string
  readonly onFilter: (filter: string) => void
}) {
  const [held, setHeld] = useState<typeof recentEvents.value | null>(null)
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const all = held ?? recentEvents.value
  const shown = all
    .filter((event) => {
      const text = `${event.event} ${event.body.session_id ?? ''} ${JSON.stringify(event.body)}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .slice(-mostShown)
    .reverse()
  return (
    <>
      <div class="row">
        <input
          class="input grow"
          type="search"
          aria-label="Filter events"
          placeholder="Filter by kind, device or anything in the event"
          value={filter}
          onInput={(event) => onFilter(event.currentTarget.value)}
        />
        <button
          type="button"
          class="button"
          aria-pressed={held !== null}
          onClick={() => setHeld((now) => (now === null ? recentEvents.value : null))}
        >
          {held === null ? 'Pause' : 'Go on'}
        </button>
      </div>
      {shown.length === 0 && (
        <Empty icon="events" title={all.length === 0 ? 'Nothing has happened yet' : 'No event fits'}>
          <p>Events appear here as they happen.</p>
        </Empty>
      )}
      <ul class="event-list">
        {shown.map((event) => (
          <li key={event.cursor} class="card">
            <details>
              <summary>
                <code class="kind">{event.event}</code>
                <span class="soft">{event.body.session_id}</span>
                <time class="soft small" dateTime={event.created_at}>
                  {fullTime(event.created_at)}
                </time>
              </summary>
              <pre tabIndex={0}>{JSON.stringify(event.body, null, 2)}</pre>
            </details>
          </li>
        ))}
      </ul>
    </>
  )
}
