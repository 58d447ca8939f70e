import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import type { Device } from '../api/shapes.ts'
import { hrefOf } from '../routing.ts'
import { Confirm, Dialog } from '../ui/dialog.tsx'
import { FilteredList } from '../ui/filtered-list.tsx'
import { shownAddress } from '../ui/format.ts'
import { type Outcome, Outcomes } from '../ui/outcomes.tsx'
import { Face, Loading, Problem } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import { useAct } from '../ui/use-act.ts'
import { useLoad } from '../ui/use-load.ts'
import { AddParticipants } from './add-participants.tsx'
import type { ChangeResult, Group, Participant } from './shapes.ts'

const rowPx = 60

const changes = [
  { name: 'promote', label: 'Make admin', done: 'is an admin now' },
  { name: 'demote', label: 'Take admin away', done: 'is no admin now' },
  { name: 'remove', label: 'Remove', done: 'is not in the group now' },
] as const

type Change = (typeof changes)[number]

/** Who is in a group. Those who are ticked can be promoted, demoted or removed together. */
export function GroupParticipants({
  device,
  group,
  isAdmin,
  onChange,
}: {
  readonly device: Device
  readonly group: Group
  readonly isAdmin: boolean
  readonly onChange: () => void
}) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [open, setOpen] = useState<'add' | 'remove' | null>(null)
  const [outcomes, setOutcomes] = useState<readonly Outcome[] | null>(null)
  const { isBusy, error, act } = useAct()
  const list = useLoad(`participants ${device.id} ${group.JID}`, (signal) =>
    call<{ participants: readonly Participant[] }>('GET', 'group/participants', {
      device: device.id,
      query: { group_id: group.JID },
      signal,
    }),
  )
  // The group itself is fetched again with every change of its members.
  const shown = useRef(group)
  useEffect(() => {
    if (shown.current !== group) list.reload()
    shown.current = group
  }, [group])
  const people = list.data?.participants ?? []
  const nameOf = (jid: string) => {
    const person = people.find((each) => each.jid === jid)
    return person === undefined ? shownAddress(jid) : labelOf(person)
  }
  const change = async ({ name, done }: Change) => {
    const chosen = [...ticked]
    const json = { group_id: group.JID, participants: chosen }
    const path = name === 'remove' ? 'group/participants/remove' : `group/participants/${name}`
    const results = await call<readonly ChangeResult[]>('POST', path, { device: device.id, json })
    setTicked((now) => new Set([...now].filter((jid) => !chosen.includes(jid))))
    onChange()
    const found = results.map(({ participant, status, message }) => ({
      who: nameOf(participant),
      text: message,
      isGood: status === 'success',
    }))
    if (found.every(({ isGood }) => isGood))
      tell(found.length === 1 ? `${found[0]?.who} ${done}.` : `Done for ${found.length} people.`)
    else setOutcomes(found)
  }
  const start = (each: Change) => {
    if (each.name === 'remove') setOpen('remove')
    else act(() => change(each))
  }
  const remove = changes[2]
  if (list.data === null)
    return list.error === null ? <Loading what="participants" /> : <Problem error={list.error} />
  return (
    <div class="members">
      {list.error !== null && <Problem error={list.error} />}
      {error !== null && <Problem error={error} />}
      <FilteredList
        label="Participants"
        searchLabel="Search participants"
        noun={['participant', 'participants']}
        items={people}
        wordsOf={(person) => `${person.display_name ?? ''} ${shownAddress(person.jid)}`}
        rowPx={rowPx}
        row={(person) => (
          <MemberRow
            key={person.jid}
            device={device.id}
            person={person}
            isTicked={ticked.has(person.jid)}
            onTick={
              isAdmin
                ? (isOn) => {
                    const next = new Set(ticked)
                    if (isOn) next.add(person.jid)
                    else next.delete(person.jid)
                    setTicked(next)
                  }
                : null
            }
          />
        )}
      >
        {isAdmin && (
          <button type="button" class="button" onClick={() => setOpen('add')}>
            Add
          </button>
        )}
      </FilteredList>
      {ticked.size > 0 && (
        <div class="row members-acts" role="group" aria-label={`${ticked.size} chosen`}>
          <b>{ticked.size} chosen</b>
          {changes.map((each) => (
            <button
              key={each.name}
              type="button"
              class={each.name === 'remove' ? 'button danger' : 'button'}
              disabled={isBusy}
              onClick={() => start(each)}
            >
              {each.label}
            </button>
          ))}
        </div>
      )}
      {open === 'add' && (
        <AddParticipants
          device={device.id}
          groupId={group.JID}
          onClose={() => setOpen(null)}
          onChange={onChange}
        />
      )}
      {open === 'remove' && (
        <Confirm
          title="Remove from the group?"
          action="Remove"
          isDanger
          run={() => change(remove)}
          onClose={() => setOpen(null)}
        >
          <p>{[...ticked].map(nameOf).join(', ')}</p>
        </Confirm>
      )}
      {outcomes !== null && (
        <Dialog title="It did not work for all" onClose={() => setOutcomes(null)}>
          <Outcomes outcomes={outcomes} />
        </Dialog>
      )}
    </div>
  )
}

function MemberRow({
  device,
  person,
  isTicked,
  onTick,
}: {
  readonly device: string
  readonly person: Participant
  readonly isTicked: boolean
  /** Null: there is nothing that could be done to them. */
  readonly onTick: ((isOn: boolean) => void) | null
}) {
  const name = labelOf(person)
  return (
    <div class="entry member">
      {onTick !== null && (
        <input
          type="checkbox"
          aria-label={`Choose ${name}`}
          checked={isTicked}
          onChange={(event) => onTick(event.currentTarget.checked)}
        />
      )}
      <Face name={name} />
      <span class="entry-words">
        <a class="cut" href={hrefOf('contacts', device, person.jid)}>
          {name}
        </a>
        <span class="soft small cut">
          {person.phone_number === '' ? 'Number not known' : shownAddress(person.phone_number)}
        </span>
      </span>
      {person.is_super_admin ? (
        <span class="tag">Owner</span>
      ) : (
        person.is_admin && <span class="tag">Admin</span>
      )}
    </div>
  )
}

function labelOf({ display_name: name, jid }: Participant): string {
  return name === undefined || name === '' ? shownAddress(jid) : name
}
