import { useEffect, useState } from 'preact/hooks'
import type { Device } from '../api/shapes.ts'
import { useDevices } from '../devices/use-devices.ts'
import { goTo, hrefOf } from '../routing.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Empty, Field, Loading, Problem } from '../ui/parts.tsx'
import { ChatList } from './chat-list.tsx'
import { Conversation, type SoughtMessage } from './conversation.tsx'

const lastDeviceKey = 'gatewa.chats-device'

/** The chats of one device beside one of its conversations; on narrow windows one of the two. */
export function ChatsPage({
  device,
  jid,
  sought,
}: {
  readonly device: string | undefined
  readonly jid: string | undefined
  /** A message to show. */
  readonly sought: SoughtMessage | null
}) {
  const { data: devices, error } = useDevices()
  const chosen = devices === null ? undefined : chooseDevice(devices, device)
  useEffect(() => {
    if (chosen === undefined) return
    sessionStorage.setItem(lastDeviceKey, chosen)
    if (device === undefined) location.replace(hrefOf('chats', chosen))
  }, [chosen, device])
  const [isStarting, setStarting] = useState(false)
  if (devices === null) return error === null ? <Loading what="chats" /> : <Problem error={error} />
  if (chosen === undefined)
    return (
      <Empty icon="chats" title="No chats yet">
        <p>Chats appear when an account is linked to a device.</p>
        <a class="button main" href={hrefOf('devices')}>
          Go to the devices
        </a>
      </Empty>
    )
  return (
    <div class={jid === undefined ? 'chats' : 'chats has-open'}>
      <section class="chats-side" aria-label="Chats">
        <header class="chats-head">
          <h1>Chats</h1>
          {devices.length > 1 && (
            <select
              class="input device-choice"
              aria-label="Device"
              value={chosen}
              onChange={(event) => goTo('chats', event.currentTarget.value)}
            >
              {devices.map(({ id }) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </select>
          )}
          <button type="button" class="button" onClick={() => setStarting(true)}>
            New chat
          </button>
        </header>
        <ChatList key={chosen} device={chosen} openJid={jid} />
      </section>
      {jid === undefined ? (
        <div class="no-chat">
          <Empty icon="chats" title="Choose a chat" />
        </div>
      ) : (
        <Conversation key={`${chosen} ${jid}`} device={chosen} jid={jid} sought={sought} />
      )}
      {isStarting && <NewChat device={chosen} onClose={() => setStarting(false)} />}
    </div>
  )
}

function chooseDevice(devices: readonly Device[], wanted: string | undefined): string | undefined {
  const ids = devices.map(({ id }) => id)
  if (wanted !== undefined && ids.includes(wanted)) return wanted
  const last = sessionStorage.getItem(lastDeviceKey)
  if (last !== null && ids.includes(last)) return last
  return (devices.find(({ state }) => state === 'logged_in') ?? devices[0])?.id
}

function NewChat({ device, onClose }: { readonly device: string; readonly onClose: () => void }) {
  const [phone, setPhone] = useState('')
  const submit = (event: Event) => {
    event.preventDefault()
    const text = phone.trim()
    goTo('chats', device, text.includes('@') ? text : `${text.replace(/\D/g, '')}@s.whatsapp.net`)
    onClose()
  }
  return (
    <Dialog title="New chat" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label="Phone number or JID" hint="With the country’s code, as in +1 555 010 0001.">
          {(ids) => (
            <input
              {...ids}
              class="input"
              autocomplete="off"
              required
              pattern=".*\d.*"
              value={phone}
              onInput={(event) => setPhone(event.currentTarget.value)}
            />
          )}
        </Field>
        <footer>
          <button type="submit" class="button main">
            Open
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
