import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icons.tsx'
import { Field, Problem } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import { noteChatChange } from './chat-changes.ts'
import { ChatLabels } from './chat-labels.tsx'
import type { Chat, Message } from './shapes.ts'

const timers: readonly (readonly [seconds: number, label: string])[] = [
  [0, 'Never'],
  [86_400, 'After 24 hours'],
  [604_800, 'After 7 days'],
  [7_776_000, 'After 90 days'],
]

/** What can be done to a chat as a whole. */
export function ChatMenu({
  device,
  chat,
  newest,
  onChange,
}: {
  readonly device: string
  readonly chat: Chat
  readonly newest: Message | undefined
  readonly onChange: () => void
}) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        class="button plain icon"
        aria-label="Chat settings"
        onClick={() => setOpen(true)}
      >
        <Icon name="more" />
      </button>
      {isOpen && (
        <ChatDialog
          device={device}
          chat={chat}
          newest={newest}
          onChange={onChange}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

function ChatDialog({
  device,
  chat,
  newest,
  onChange,
  onClose,
}: {
  readonly device: string
  readonly chat: Chat
  readonly newest: Message | undefined
  readonly onChange: () => void
  readonly onClose: () => void
}) {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const act = (path: string, json: object, done: string) => {
    setBusy(true)
    setError(null)
    call('POST', path, { device, json }).then(
      () => {
        tell(done)
        noteChatChange()
        onChange()
        onClose()
      },
      (thrown: unknown) => {
        setBusy(false)
        setError(thrown)
      },
    )
  }
  const path = `chat/${encodeURIComponent(chat.jid)}`
  return (
    <Dialog title="Chat settings" onClose={onClose}>
      {error !== null && <Problem error={error} />}
      <div class="menu">
        {newest !== undefined && !newest.is_from_me && (
          <button
            type="button"
            class="button plain"
            disabled={isBusy}
            onClick={() =>
              act(`message/${encodeURIComponent(newest.id)}/read`, { phone: chat.jid }, 'Marked as read.')
            }
          >
            Mark as read
          </button>
        )}
        <button
          type="button"
          class="button plain"
          disabled={isBusy}
          onClick={() => act(`${path}/pin`, { pinned: !chat.pinned }, chat.pinned ? 'Unpinned.' : 'Pinned.')}
        >
          {chat.pinned ? 'Unpin' : 'Pin'}
        </button>
        <button
          type="button"
          class="button plain"
          disabled={isBusy}
          onClick={() =>
            act(
              `${path}/archive`,
              { archived: !chat.archived },
              chat.archived ? 'Taken out of the archive.' : 'Archived.',
            )
          }
        >
          {chat.archived ? 'Take out of the archive' : 'Archive'}
        </button>
      </div>
      <Field label="Messages disappear">
        {(ids) => (
          <select
            {...ids}
            class="input"
            disabled={isBusy}
            value={String(chat.ephemeral_expiration)}
            onChange={(event) => {
              const seconds = Number(event.currentTarget.value)
              act(`${path}/disappearing`, { timer_seconds: seconds }, 'The timer was set.')
            }}
          >
            {timers.map(([seconds, label]) => (
              <option key={seconds} value={String(seconds)}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <ChatLabels device={device} jid={chat.jid} />
    </Dialog>
  )
}
