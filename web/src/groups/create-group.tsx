import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { shownAddress } from '../ui/format.ts'
import { Outcomes } from '../ui/outcomes.tsx'
import { Field, Problem } from '../ui/parts.tsx'
import { PeopleField, peopleIn } from '../ui/people-field.tsx'
import { tell } from '../ui/toasts.tsx'
import { useAct } from '../ui/use-act.ts'

interface Created {
  readonly group_id: string
  readonly not_added?: readonly { readonly participant: string; readonly message: string }[]
}

/** Makes a group; says who could not be added to it. */
export function CreateGroup({
  device,
  onClose,
  onMade,
}: {
  readonly device: string
  readonly onClose: () => void
  /** Called with the group's JID, once everything was read that is to be said. */
  readonly onMade: (group: string) => void
}) {
  const [title, setTitle] = useState('')
  const [people, setPeople] = useState('')
  const [made, setMade] = useState<Created | null>(null)
  const { isBusy, error, act } = useAct()
  const submit = (event: Event) => {
    event.preventDefault()
    act(async () => {
      const json = { title, participants: peopleIn(people) }
      const created = await call<Created>('POST', 'group', { device, json })
      tell(`The group ${title} was made.`)
      if (created.not_added === undefined) onMade(created.group_id)
      else setMade(created)
    })
  }
  if (made !== null)
    return (
      <Dialog title="Not everybody was added" onClose={() => onMade(made.group_id)}>
        <Outcomes
          outcomes={(made.not_added ?? []).map(({ participant, message }) => ({
            who: shownAddress(participant),
            text: message,
            isGood: false,
          }))}
        />
        <footer>
          <button type="button" class="button main" onClick={() => onMade(made.group_id)}>
            Go to the group
          </button>
        </footer>
      </Dialog>
    )
  return (
    <Dialog title="New group" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label="Name">
          {(ids) => (
            <input
              {...ids}
              class="input"
              autocomplete="off"
              required
              value={title}
              onInput={(event) => setTitle(event.currentTarget.value)}
            />
          )}
        </Field>
        <PeopleField label="Participants" value={people} onValue={setPeople} />
        {error !== null && <Problem error={error} />}
        <footer>
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button main" disabled={isBusy}>
            Create
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
