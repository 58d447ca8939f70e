import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { hrefOf } from '../routing.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icons.tsx'
import { Field, Problem } from '../ui/parts.tsx'
import { useAct } from '../ui/use-act.ts'

/** Asks whether a number has an account. */
export function CheckNumber({
  device,
  onClose,
  onShow,
}: {
  readonly device: string
  readonly onClose: () => void
  /** Somebody who was found is to be shown. */
  readonly onShow: (jid: string) => void
}) {
  const [phone, setPhone] = useState('')
  const [answer, setAnswer] = useState<{ readonly phone: string; readonly isThere: boolean } | null>(null)
  const { isBusy, error, act } = useAct()
  const submit = (event: Event) => {
    event.preventDefault()
    act(async () => {
      setAnswer(null)
      const asked = phone.includes('@') ? phone.trim() : phone.replace(/\D/g, '')
      const query = { phone: asked }
      const { is_on_whatsapp: isThere } = await call<CheckResults>('GET', 'user/check', { device, query })
      setAnswer({ phone: asked, isThere })
    })
  }
  const jid = answer === null || answer.phone.includes('@') ? answer?.phone : `${answer.phone}@s.whatsapp.net`
  return (
    <Dialog title="Check a number" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label="Phone number" hint="With the country’s code, as in +1 555 010 0001.">
          {(ids) => (
            <input
              {...ids}
              class="input"
              inputMode="tel"
              autocomplete="off"
              required
              value={phone}
              onInput={(event) => {
                setPhone(event.currentTarget.value)
                setAnswer(null)
              }}
            />
          )}
        </Field>
        {error !== null && <Problem error={error} />}
        <div role="status">
          {answer !== null && (
            <div class={`note ${answer.isThere ? 'good' : 'warn'}`}>
              <Icon name={answer.isThere ? 'good' : 'warn'} />
              <div>
                {answer.phone} is {answer.isThere ? '' : 'not '}on WhatsApp.
              </div>
            </div>
          )}
        </div>
        <footer>
          {answer?.isThere === true && jid !== undefined && (
            <>
              <button type="button" class="button" onClick={() => onShow(jid)}>
                Show
              </button>
              <a class="button" href={hrefOf('chats', device, jid)}>
                Open chat
              </a>
            </>
          )}
          <button type="submit" class="button main" disabled={isBusy}>
            Check
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

interface CheckResults {
  readonly is_on_whatsapp: boolean
}
