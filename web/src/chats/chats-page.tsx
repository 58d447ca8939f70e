import { useState } from 'preact/hooks'
import { ForDevice } from '../devices/for-device.tsx'
import { goTo } from '../routing.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/parts.tsx'
import { Split } from '../ui/split.tsx'
import { ChatList } from './chat-list.tsx'
import { Conversation, type SoughtMessage } from './conversation.tsx'

/** The chats of one device beside one of its conversations. */
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
  const [isStarting, setStarting] = useState(false)
  return (
    <ForDevice section="chats" wanted={device} icon="chats" what="chats">
      {({ id }, chooser) => (
        <>
          <Split
            label="Chats"
            chooser={chooser}
            actions={
              <button type="button" class="button" onClick={() => setStarting(true)}>
                New chat
              </button>
            }
            list={<ChatList key={id} device={id} openJid={jid} />}
            icon="chats"
            hint="Choose a chat"
          >
            {jid === undefined ? null : (
              <Conversation key={`${id} ${jid}`} device={id} jid={jid} sought={sought} />
            )}
          </Split>
          {isStarting && <NewChat device={id} onClose={() => setStarting(false)} />}
        </>
      )}
    </ForDevice>
  )
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
