import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Ticks } from '../chats/ticks.tsx'
import { timeOfDay } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Problem } from '../ui/parts.tsx'
import { tellError } from '../ui/toasts.tsx'
import { act, fetchMessages, type Phone, type ShownMessage, shownMessages } from './phones.ts'
import { useFresh } from './use-fresh.ts'

const kinds: Readonly<Record<string, string>> = {
  image: '📷 Photo',
  video: '🎬 Video',
  video_note: '🎬 Video note',
  audio: '🎤 Audio',
  document: '📄 File',
  sticker: 'Sticker',
  location: '📍',
  contact: '👤',
  poll: '📊',
}

/** One chat as a simulated phone shows it, with what its owner can do there. */
export function PhoneScreen({
  phone,
  chat,
}: {
  readonly phone: Phone
  readonly chat: { readonly jid: string; readonly name: string }
}) {
  const { data, error, reload } = useFresh(`messages ${phone.phone}`, (signal) =>
    fetchMessages(phone.phone, signal),
  )
  const shown = shownMessages(data ?? [], chat.jid)
  const box = useRef<HTMLDivElement>(null)
  const newest = shown.at(-1)?.id
  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }, [newest])
  const isGroup = chat.jid.endsWith('@g.us')
  return (
    <section class="phone" aria-label={`${phone.name}’s chat with ${chat.name}`}>
      <div
        ref={box}
        class="phone-messages"
        role="log"
        tabIndex={0}
        aria-label={`Messages on ${phone.name}’s phone`}
      >
        {error !== null && <Problem error={error} />}
        {data !== null && shown.length === 0 && <p class="soft small">Nothing was written here yet.</p>}
        {shown.map((message) => (
          <Line key={message.id} phone={phone} message={message} isGroup={isGroup} onDone={reload} />
        ))}
      </div>
      <WriteLine phone={phone} to={chat} onDone={reload} />
    </section>
  )
}

function Line({
  phone,
  message,
  isGroup,
  onDone,
}: {
  readonly phone: Phone
  readonly message: ShownMessage
  readonly isGroup: boolean
  readonly onDone: () => void
}) {
  const at = new Date(message.timestamp * 1000).toISOString()
  const who = message.is_own ? phone.name : message.from_name
  const run = (what: string, json: object) => {
    act(phone.phone, `messages/${message.id}/${what}`, json).then(onDone, tellError)
  }
  return (
    <article
      class={message.is_own ? 'bubble-line own' : 'bubble-line'}
      aria-label={`${who}, ${timeOfDay(at)}`}
    >
      <div class="bubble">
        {isGroup && !message.is_own && <div class="sender">{message.from_name}</div>}
        <div class="words">{wordsOf(message)}</div>
        <div class="tail soft">
          {message.isEdited && <span>edited</span>}
          <time dateTime={at}>{timeOfDay(at)}</time>
          {message.is_own && <Ticks status={statusOf(message)} />}
        </div>
        {message.reactions.size > 0 && (
          <div class="reactions">
            {[...message.reactions].map(([from, { name, emoji }]) => (
              <span key={from} role="img" title={name} aria-label={`${name} reacted with ${emoji}`}>
                {emoji}
              </span>
            ))}
          </div>
        )}
      </div>
      {!message.is_own && !message.isRevoked && (
        <div class="bubble-acts">
          <button
            type="button"
            class="button plain icon"
            aria-label="Mark read"
            title="Mark read"
            onClick={() => run('read', {})}
          >
            <Icon name="good" />
          </button>
          <button
            type="button"
            class="button plain icon"
            aria-label="React with ❤️"
            title="React with ❤️"
            onClick={() => run('reaction', { emoji: '❤️' })}
          >
            <Icon name="react" />
          </button>
        </div>
      )}
    </article>
  )
}

function wordsOf({ kind, text, isRevoked }: ShownMessage): string {
  if (isRevoked) return 'This message was deleted'
  return kind === 'text' ? text : [kinds[kind] ?? kind, text].filter((word) => word !== '').join(' ')
}

function statusOf({ delivered_to, read_by }: ShownMessage): 'sent' | 'delivered' | 'read' {
  if (read_by.length > 0) return 'read'
  return delivered_to.length > 0 ? 'delivered' : 'sent'
}

function WriteLine({
  phone,
  to,
  onDone,
}: {
  readonly phone: Phone
  readonly to: { readonly jid: string; readonly name: string }
  readonly onDone: () => void
}) {
  const [text, setText] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const field = useRef<HTMLInputElement>(null)
  const send = (event: Event) => {
    event.preventDefault()
    if (text.trim() === '' || isBusy) return
    setBusy(true)
    setError(null)
    act(phone.phone, 'messages', { to: to.jid, text })
      .then(() => {
        setText('')
        onDone()
      }, setError)
      .finally(() => {
        setBusy(false)
        field.current?.focus()
      })
  }
  return (
    <form class="phone-write" onSubmit={send}>
      {error !== null && <Problem error={error} />}
      <div class="write">
        <input
          ref={field}
          class="input"
          aria-label={`Write as ${phone.name} to ${to.name}`}
          placeholder={`Write as ${phone.name}`}
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button
          type="submit"
          class="button main icon"
          aria-label={`Send as ${phone.name}`}
          disabled={isBusy || text.trim() === ''}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  )
}
