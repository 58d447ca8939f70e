import { useState } from 'preact/hooks'
import { goTo } from '../routing.ts'
import { Deliveries } from './deliveries.tsx'
import { LiveTail } from './live-tail.tsx'

const views = [
  ['live', 'Live events'],
  ['deliveries', 'Deliveries'],
] as const

/** What happens, and what became of telling the webhooks. */
export function EventsPage({ view }: { readonly view: string | undefined }) {
  const shown = view === 'deliveries' ? 'deliveries' : 'live'
  const [filter, setFilter] = useState('')
  return (
    <div class="page">
      <header>
        <h1>Events</h1>
        <div class="tabs" role="tablist" aria-label="What to show">
          {views.map(([name, label]) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={shown === name}
              aria-controls="events-view"
              onClick={() => goTo('events', name)}
            >
              {label}
            </button>
          ))}
        </div>
      </header>
      <div id="events-view" role="tabpanel" aria-labelledby={`tab-${shown}`} class="stack">
        {shown === 'live' ? <LiveTail filter={filter} onFilter={setFilter} /> : <Deliveries />}
      </div>
    </div>
  )
}
