import { useState } from 'preact/hooks'
import { call, callInWords } from '../api/client.ts'
import { fromNow, fullTime } from '../ui/format.ts'
import { Empty, Face, Loading, Problem } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import { useAct } from '../ui/use-act.ts'
import { useLoad } from '../ui/use-load.ts'
import type { JoinRequest } from './shapes.ts'

/** What the API's sentence has in it when it did not work for all. */
const exceptText = ', except '

/** Who asks to join a group: let in or turned away, one by one or all at once. */
export function GroupRequests({
  device,
  jid,
  onChange,
}: {
  readonly device: string
  readonly jid: string
  readonly onChange: () => void
}) {
  const list = useLoad(`requests ${device} ${jid}`, (signal) =>
    call<{ data: readonly JoinRequest[] }>('GET', 'group/participant-requests', {
      device,
      query: { group_id: jid },
      signal,
    }),
  )
  const [failures, setFailures] = useState<string | null>(null)
  const { isBusy, error, act } = useAct()
  const decide = (verdict: 'approve' | 'reject', people: readonly JoinRequest[]) =>
    act(async () => {
      const json = { group_id: jid, participants: people.map((person) => person.jid) }
      const path = `group/participant-requests/${verdict}`
      setFailures(null)
      const { message } = await callInWords('POST', path, { device, json })
      const who = people.length === 1 ? people.map(nameOf).join() : `${people.length} people`
      // When it did not work for all, the sentence says for whom and why.
      if (message.includes(exceptText)) setFailures(message)
      else tell(verdict === 'approve' ? `Let in: ${who}.` : `Turned away: ${who}.`)
      list.reload()
      onChange()
    })
  if (list.data === null)
    return list.error === null ? <Loading what="requests" /> : <Problem error={list.error} />
  const people = list.data.data
  return (
    <div class="stack">
      {list.error !== null && <Problem error={list.error} />}
      {error !== null && <Problem error={error} />}
      {failures !== null && <Problem error={new Error(failures)} />}
      <div class="row">
        <span class="grow soft">
          {people.length === 1 ? '1 person asks to join' : `${people.length} people ask to join`}
        </span>
        <button type="button" class="button" onClick={list.reload}>
          Look again
        </button>
        {people.length > 1 && (
          <button type="button" class="button" disabled={isBusy} onClick={() => decide('approve', people)}>
            Approve all
          </button>
        )}
      </div>
      {people.length === 0 && (
        <Empty icon="groups" title="Nobody asks to join">
          <p>People ask where the group lets its admins decide about who joins.</p>
        </Empty>
      )}
      <ul class="stack">
        {people.map((person) => (
          <li key={person.jid} class="card row">
            <Face name={nameOf(person)} />
            <div class="grow">
              <b>{nameOf(person)}</b>
              <div class="soft small">
                {person.phone_number === '' ? 'Number not known' : `+${person.phone_number}`} ·{' '}
                <time dateTime={person.requested_at} title={fullTime(person.requested_at)}>
                  {fromNow(person.requested_at)}
                </time>
              </div>
            </div>
            <button
              type="button"
              class="button"
              disabled={isBusy}
              aria-label={`Approve ${nameOf(person)}`}
              onClick={() => decide('approve', [person])}
            >
              Approve
            </button>
            <button
              type="button"
              class="button"
              disabled={isBusy}
              aria-label={`Reject ${nameOf(person)}`}
              onClick={() => decide('reject', [person])}
            >
              Reject
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function nameOf({ display_name: name, phone_number: phone, jid }: JoinRequest): string {
  if (name !== undefined && name !== '') return name
  return phone === '' ? jid : `+${phone}`
}
