import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { useEvents } from '../api/live.ts'
import type { Device } from '../api/shapes.ts'
import { ForDevice } from '../devices/for-device.tsx'
import { goTo, hrefOf } from '../routing.ts'
import { FilteredList } from '../ui/filtered-list.tsx'
import { Empty, Face, Loading, Problem } from '../ui/parts.tsx'
import { Split } from '../ui/split.tsx'
import { useLoad } from '../ui/use-load.ts'
import { CreateGroup } from './create-group.tsx'
import { GroupView, groupTabOf } from './group-view.tsx'
import { JoinGroup } from './join-group.tsx'
import { countOf, type Group, groupNameOf, isAdminOf } from './shapes.ts'

const rowPx = 68

/** The groups of one device beside one of them. */
export function GroupsPage({
  device,
  jid,
  tab,
}: {
  readonly device: string | undefined
  readonly jid: string | undefined
  readonly tab: string | undefined
}) {
  return (
    <ForDevice section="groups" wanted={device} icon="groups" what="groups">
      {(chosen, chooser) => <Groups key={chosen.id} device={chosen} chooser={chooser} jid={jid} tab={tab} />}
    </ForDevice>
  )
}

function Groups({
  device,
  chooser,
  jid,
  tab,
}: {
  readonly device: Device
  readonly chooser: ComponentChildren
  readonly jid: string | undefined
  readonly tab: string | undefined
}) {
  const [open, setOpen] = useState<'create' | 'join' | null>(null)
  const groups = useLoad(`groups of ${device.id}`, async (signal) => {
    const { data } = await call<{ data: readonly Group[] }>('GET', 'user/my/groups', {
      device: device.id,
      signal,
    })
    return [...data].sort((a, b) => groupNameOf(a).localeCompare(groupNameOf(b)))
  })
  useEvents(({ event, body }) => {
    if (body.session_id === device.id && event.startsWith('group.')) groups.reload()
  })
  const goToNew = (group: string) => {
    setOpen(null)
    groups.reload()
    goTo('groups', device.id, group)
  }
  return (
    <>
      <Split
        label="Groups"
        chooser={chooser}
        actions={
          <>
            <button type="button" class="button" onClick={() => setOpen('join')}>
              Join
            </button>
            <button type="button" class="button" onClick={() => setOpen('create')}>
              New group
            </button>
          </>
        }
        list={
          <>
            {groups.error !== null && <Problem error={groups.error} />}
            {groups.data === null && groups.error === null && <Loading what="groups" />}
            {groups.data?.length === 0 && <Empty icon="groups" title="In no group yet" />}
            {groups.data !== null && groups.data.length > 0 && (
              <FilteredList
                label="List of groups"
                searchLabel="Search groups"
                noun={['group', 'groups']}
                items={groups.data}
                wordsOf={(group) => groupNameOf(group)}
                rowPx={rowPx}
                row={(group) => (
                  <GroupRow key={group.JID} device={device} group={group} isOpen={group.JID === jid} />
                )}
              />
            )}
          </>
        }
        icon="groups"
        hint="Choose a group"
      >
        {jid === undefined ? null : (
          <GroupView
            key={jid}
            device={device}
            jid={jid}
            tab={groupTabOf(tab)}
            onChange={groups.reload}
            onLeft={() => {
              groups.reload()
              goTo('groups', device.id)
            }}
          />
        )}
      </Split>
      {open === 'create' && <CreateGroup device={device.id} onClose={() => setOpen(null)} onMade={goToNew} />}
      {open === 'join' && <JoinGroup device={device.id} onClose={() => setOpen(null)} onJoined={goToNew} />}
    </>
  )
}

function GroupRow({
  device,
  group,
  isOpen,
}: {
  readonly device: Device
  readonly group: Group
  readonly isOpen: boolean
}) {
  const name = groupNameOf(group)
  return (
    <a
      class="entry"
      href={hrefOf('groups', device.id, group.JID)}
      {...(isOpen && { 'aria-current': 'true' })}
    >
      <Face name={name} />
      <span class="entry-words">
        <b class="cut">{name}</b>
        <span class="soft small cut">
          {countOf(group.ParticipantCount)}
          {isAdminOf(group, device.phone_number) && ' · you are an admin'}
          {group.IsParent && ' · community'}
        </span>
      </span>
    </a>
  )
}
