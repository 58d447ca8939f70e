import { useState } from 'preact/hooks'
import { call, fetchFile } from '../api/client.ts'
import { Confirm } from '../ui/dialog.tsx'
import { fullTime, shownAddress } from '../ui/format.ts'
import { Problem } from '../ui/parts.tsx'
import { PictureForm } from '../ui/picture-form.tsx'
import { saveFile } from '../ui/save-file.ts'
import { TextForm } from '../ui/text-form.tsx'
import { tell } from '../ui/toasts.tsx'
import { useAct } from '../ui/use-act.ts'
import { InviteLink } from './invite-link.tsx'
import { type Group, groupNameOf } from './shapes.ts'

/** What a group is, and what can be changed about it as a whole. */
export function GroupInfo({
  device,
  group,
  onChange,
  onLeft,
}: {
  readonly device: string
  readonly group: Group
  readonly onChange: () => void
  readonly onLeft: () => void
}) {
  const { JID: groupId } = group
  const post = async (path: string, json: object, done: string) => {
    await call('POST', path, { device, json: { group_id: groupId, ...json } })
    tell(done)
    onChange()
  }
  const setPhoto = async (file: File | null) => {
    const form = new FormData()
    form.set('group_id', groupId)
    if (file !== null) form.set('photo', file, file.name)
    await call('POST', 'group/photo', { device, form })
    tell(file === null ? 'The photo was taken away.' : 'The photo was set.')
    onChange()
  }
  return (
    <div class="stack">
      <section class="card stack">
        <h3>Name and topic</h3>
        <TextForm
          key={`name ${group.Name}`}
          label="Name"
          hint="At most 25 characters."
          value={group.Name}
          isRequired
          action="Set name"
          save={(name) => post('group/name', { name }, 'The name was set.')}
        />
        <TextForm
          key={`topic ${group.Topic}`}
          label="Topic"
          hint="Empty: there is none."
          value={group.Topic}
          isLong
          action="Set topic"
          save={(topic) =>
            post('group/topic', { topic }, topic === '' ? 'The topic was removed.' : 'The topic was set.')
          }
        />
      </section>
      <section class="card stack">
        <h3>Photo</h3>
        <PictureForm label="New photo" action="Set photo" remove="Remove photo" save={setPhoto} />
      </section>
      <section class="card stack">
        <h3>Settings</h3>
        <Switch
          label="Only admins change the group’s name, topic, photo and settings"
          isOn={group.IsLocked}
          set={(locked) =>
            post(
              'group/locked',
              { locked },
              locked ? 'Only admins change it now.' : 'All members change it now.',
            )
          }
        />
        <Switch
          label="Only admins write"
          isOn={group.IsAnnounce}
          set={(announce) =>
            post(
              'group/announce',
              { announce },
              announce ? 'Only admins write now.' : 'All members write now.',
            )
          }
        />
      </section>
      <InviteLink device={device} groupId={groupId} />
      <Facts group={group} />
      <Leaving device={device} group={group} onLeft={onLeft} />
    </div>
  )
}

function Switch({
  label,
  isOn,
  set,
}: {
  readonly label: string
  readonly isOn: boolean
  readonly set: (isOn: boolean) => Promise<void>
}) {
  const { isBusy, error, act } = useAct()
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          role="switch"
          checked={isOn}
          disabled={isBusy}
          onChange={(event) => {
            const wanted = event.currentTarget.checked
            // It shows what is so, not what is wished for.
            event.currentTarget.checked = isOn
            act(() => set(wanted))
          }}
        />
        {label}
      </label>
      {error !== null && <Problem error={error} />}
    </>
  )
}

function Facts({ group }: { readonly group: Group }) {
  const owner = group.OwnerPN === '' ? group.OwnerJID : group.OwnerPN
  const isKnown = (time: string) => !time.startsWith('0001')
  return (
    <section class="card stack">
      <h3>Facts</h3>
      <dl class="facts">
        <dt>JID</dt>
        <dd class="mono">{group.JID}</dd>
        {isKnown(group.GroupCreated) && (
          <>
            <dt>Made</dt>
            <dd>{fullTime(group.GroupCreated)}</dd>
          </>
        )}
        {owner !== '' && (
          <>
            <dt>By</dt>
            <dd>{shownAddress(owner)}</dd>
          </>
        )}
        <dt>Joining by link</dt>
        <dd>{group.IsJoinApprovalRequired ? 'Admins decide' : 'Open to all who have it'}</dd>
        <dt>Messages disappear</dt>
        <dd>{group.DisappearingTimer === 0 ? 'Never' : `After ${group.DisappearingTimer / 86_400} days`}</dd>
      </dl>
    </section>
  )
}

function Leaving({
  device,
  group,
  onLeft,
}: {
  readonly device: string
  readonly group: Group
  readonly onLeft: () => void
}) {
  const [isAsking, setAsking] = useState(false)
  const { isBusy, error, act } = useAct()
  const name = groupNameOf(group)
  const query = { group_id: group.JID }
  return (
    <section class="stack">
      {error !== null && <Problem error={error} />}
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={isBusy}
          onClick={() =>
            act(async () => {
              const file = await fetchFile('group/participants/export', { device, query })
              saveFile(file, `${name} participants.csv`)
            })
          }
        >
          Export participants as CSV
        </button>
        <button type="button" class="button danger" onClick={() => setAsking(true)}>
          Leave group
        </button>
      </div>
      {isAsking && (
        <Confirm
          title={`Leave ${name}?`}
          action="Leave"
          isDanger
          run={async () => {
            await call('POST', 'group/leave', { device, json: query })
            tell(`You left ${name}.`)
            onLeft()
          }}
          onClose={() => setAsking(false)}
        >
          <p>The account gets no more of its messages. Coming back needs an invite link or an admin.</p>
        </Confirm>
      )}
    </section>
  )
}
