import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { shownAddress } from '../ui/format.ts'
import { Outcomes } from '../ui/outcomes.tsx'
import { Problem } from '../ui/parts.tsx'
import { PeopleField, peopleIn } from '../ui/people-field.tsx'
import { tell } from '../ui/toasts.tsx'
import { useAct } from '../ui/use-act.ts'
import type { ChangeResult } from './shapes.ts'

/** Adds people by their numbers; says who could not be. */
export function AddParticipants({
  device,
  groupId,
  onClose,
  onChange,
}: {
  readonly device: string
  readonly groupId: string
  readonly onClose: () => void
  readonly onChange: () => void
}) {
  const [people, setPeople] = useState('')
  const [results, setResults] = useState<readonly ChangeResult[]>([])
  const { isBusy, error, act } = useAct()
  const submit = (event: Event) => {
    event.preventDefault()
    act(async () => {
      setResults([])
      const json = { group_id: groupId, participants: peopleIn(people) }
      const found = await call<readonly ChangeResult[]>('POST', 'group/participants', { device, json })
      onChange()
      if (found.every(({ status }) => status === 'success')) {
        tell(found.length === 1 ? 'One was added.' : `${found.length} were added.`)
        onClose()
      } else setResults(found)
    })
  }
  return (
    <Dialog title="Add participants" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <PeopleField label="Participants" value={people} onValue={setPeople} />
        {error !== null && <Problem error={error} />}
        {results.length > 0 && (
          <Outcomes
            outcomes={results.map(({ participant, status, message }) => ({
              who: shownAddress(participant),
              text: message,
              isGood: status === 'success',
            }))}
          />
        )}
        <footer>
          <button type="button" class="button" onClick={onClose}>
            Close
          </button>
          <button type="submit" class="button main" disabled={isBusy}>
            Add
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
