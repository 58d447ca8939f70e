import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { useEvents } from '../api/live.ts'
import type { Device } from '../api/shapes.ts'
import { goTo, hrefOf } from '../routing.ts'
import { Icon } from '../ui/icons.tsx'
import { Loading, Problem } from '../ui/parts.tsx'
import { Picture } from '../ui/picture.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { useLoad } from '../ui/use-load.ts'
import { GroupInfo } from './group-info.tsx'
import { GroupParticipants } from './group-participants.tsx'
import { GroupRequests } from './group-requests.tsx'
import { countOf, type Group, groupNameOf, isAdminOf } from './shapes.ts'

const tabs = [
  { name: 'info', label: 'Info' },
  { name: 'participants', label: 'Participants' },
  { name: 'requests', label: 'Requests' },
] as const

type GroupTab = (typeof tabs)[number]['name']

/** The tab that a part of the address names. */
export function groupTabOf(part: string | undefined): GroupTab {
  return tabs.find(({ name }) => name === part)?.name ?? 'info'
}

/** One group: what it is, who is in it, who asks to be. */
export function GroupView({
  device,
  jid,
  tab,
  onChange,
  onLeft,
}: {
  readonly device: Device
  readonly jid: string
  readonly tab: GroupTab
  /** Something of the group was changed that the list of groups shows. */
  readonly onChange: () => void
  readonly onLeft: () => void
}) {
  const loaded = useLoad(`group ${device.id} ${jid}`, (signal) =>
    call<Group>('GET', 'group/info', { device: device.id, query: { group_id: jid }, signal }),
  )
  useEvents(({ event, body }) => {
    if (event.startsWith('group.') && body.session_id === device.id && body.payload?.['chat_id'] === jid)
      loaded.reload()
  })
  const { data: group, error } = loaded
  // The photo may be another one.
  const [changes, setChanges] = useState(0)
  const reload = () => {
    setChanges((count) => count + 1)
    loaded.reload()
    onChange()
  }
  const back = (
    <a class="button plain icon back-link" href={hrefOf('groups', device.id)} aria-label="All groups">
      <Icon name="back" />
    </a>
  )
  if (group === null)
    return (
      <section class="talk">
        <header class="talk-head">
          {back}
          <h2 class="grow cut">{jid}</h2>
        </header>
        {error === null ? <Loading what="the group" /> : <Problem error={error} />}
      </section>
    )
  const name = groupNameOf(group)
  const isAdmin = isAdminOf(group, device.phone_number)
  return (
    <section class="talk" aria-label={`Group ${name}`}>
      <header class="talk-head">
        {back}
        <Picture device={device.id} jid={jid} name={name} version={changes} />
        <div class="grow">
          <h2 class="cut">{name}</h2>
          <div class="soft small cut">{countOf(group.ParticipantCount)}</div>
        </div>
        <a class="button" href={hrefOf('chats', device.id, jid)}>
          Open chat
        </a>
      </header>
      {error !== null && <Problem error={error} />}
      <div class="pane">
        <Tabs
          label="About the group"
          tabs={tabs}
          shown={tab}
          onShow={(next) => goTo('groups', device.id, jid, next)}
        >
          {tab === 'info' && <GroupInfo device={device.id} group={group} onChange={reload} onLeft={onLeft} />}
          {tab === 'participants' && (
            <GroupParticipants device={device} group={group} isAdmin={isAdmin} onChange={reload} />
          )}
          {tab === 'requests' && <GroupRequests device={device.id} jid={jid} onChange={reload} />}
        </Tabs>
      </div>
    </section>
  )
}
