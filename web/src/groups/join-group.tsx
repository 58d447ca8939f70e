import { useState } from 'preact/hooks'
import { call, callInWords } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Face, Field, Problem } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import { useAct } from '../ui/use-act.ts'
import { countOf, type GroupPreview } from './shapes.ts'

/** What the API says when nobody had to be asked. */
const joinedText = 'Success joined group'

/** Follows an invite link, after a look at where it leads. */
export function JoinGroup({
  device,
  onClose,
  onJoined,
}: {
  readonly device: string
  readonly onClose: () => void
  readonly onJoined: (group: string) => void
}) {
  const [link, setLink] = useState('')
  const [preview, setPreview] = useState<GroupPreview | null>(null)
  const { isBusy, error, act } = useAct()
  const look = () =>
    act(async () => {
      setPreview(null)
      setPreview(await call<GroupPreview>('GET', 'group/info-from-link', { device, query: { link } }))
    })
  const join = ({ group_id: group, name }: GroupPreview) =>
    act(async () => {
      const { message } = await callInWords('POST', 'group/join-with-link', { device, json: { link } })
      if (message === joinedText) {
        tell(`You are in ${name} now.`)
        onJoined(group)
      } else {
        tell(`You asked to join ${name}; its admins decide.`)
        onClose()
      }
    })
  return (
    <Dialog title="Join by link" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          look()
        }}
      >
        <Field label="Invite link" hint="As in https://chat.whatsapp.com/…">
          {(ids) => (
            <input
              {...ids}
              class="input"
              autocomplete="off"
              inputMode="url"
              required
              value={link}
              onInput={(event) => {
                setLink(event.currentTarget.value)
                setPreview(null)
              }}
            />
          )}
        </Field>
        {error !== null && <Problem error={error} />}
        {preview === null && (
          <footer>
            <button type="submit" class="button main" disabled={isBusy}>
              Look
            </button>
          </footer>
        )}
      </form>
      {preview !== null && (
        <section class="stack" aria-label="Where the link leads">
          <div class="row">
            <Face name={preview.name} />
            <div class="grow">
              <h3>{preview.name}</h3>
              <div class="soft small">{countOf(preview.participant_count)}</div>
            </div>
          </div>
          {preview.topic !== '' && <p class="words">{preview.topic}</p>}
          {preview.is_announce && <p class="soft">Only admins write in it.</p>}
          <footer>
            <button type="button" class="button main" disabled={isBusy} onClick={() => join(preview)}>
              Join
            </button>
          </footer>
        </section>
      )}
    </Dialog>
  )
}
