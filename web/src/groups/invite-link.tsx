import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { Field, Problem } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import { useAct } from '../ui/use-act.ts'

/** A group's invite link: shown when it is asked for, and made anew. */
export function InviteLink({ device, groupId }: { readonly device: string; readonly groupId: string }) {
  const [link, setLink] = useState<string | null>(null)
  const [isAsking, setAsking] = useState(false)
  const { isBusy, error, act } = useAct()
  const show = () =>
    act(async () => {
      const query = { group_id: groupId }
      setLink((await call<InviteResults>('GET', 'group/invite-link', { device, query })).invite_link)
    })
  const reset = async () => {
    const json = { group_id: groupId }
    setLink((await call<InviteResults>('POST', 'group/invite-link/reset', { device, json })).invite_link)
    tell('The group has a new link.')
  }
  return (
    <section class="card stack">
      <h3>Invite link</h3>
      {error !== null && <Problem error={error} />}
      {link !== null && (
        <Field label="Link" hint="Whoever has it can join, or ask to.">
          {(ids) => (
            <input
              {...ids}
              class="input mono"
              readOnly
              value={link}
              onFocus={(event) => event.currentTarget.select()}
            />
          )}
        </Field>
      )}
      <div class="row">
        {link === null ? (
          <button type="button" class="button" disabled={isBusy} onClick={show}>
            Show link
          </button>
        ) : (
          <CopyButton text={link} label="Copy link" />
        )}
        <button type="button" class="button" onClick={() => setAsking(true)}>
          Reset link
        </button>
      </div>
      {isAsking && (
        <Confirm
          title="Make a new link?"
          action="Make a new link"
          run={reset}
          onClose={() => setAsking(false)}
        >
          <p>The present link leads nowhere then.</p>
        </Confirm>
      )}
    </section>
  )
}

interface InviteResults {
  readonly invite_link: string
}
