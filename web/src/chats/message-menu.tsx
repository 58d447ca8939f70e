import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { copyText } from '../ui/copy-text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Problem } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import type { Message } from './shapes.ts'

const emojis = ['👍', '❤️', '😂', '😮', '😢', '🙏']
/** WhatsApp lets its author change a text for so long. */
const editableForMs = 15 * 60_000

/** What can be done to a message. */
export function MessageMenu({
  device,
  chatJid,
  message,
  onReply,
  onChange,
  onGone,
  onClose,
}: {
  readonly device: string
  readonly chatJid: string
  readonly message: Message
  readonly onReply: () => void
  readonly onChange: () => void
  readonly onGone: () => void
  readonly onClose: () => void
}) {
  const [text, setText] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const act = (operation: string, more: object = {}, after: () => void = onChange) => {
    setBusy(true)
    setError(null)
    const path = `message/${encodeURIComponent(message.id)}/${operation}`
    call('POST', path, { device, json: { phone: chatJid, ...more } }).then(
      () => {
        onClose()
        after()
      },
      (thrown: unknown) => {
        setBusy(false)
        setError(thrown)
      },
    )
  }
  const mine = message.reactions.find((reaction) => reaction.is_from_me)?.emoji
  const isEditable =
    message.is_from_me &&
    message.media_type === '' &&
    Date.now() - Date.parse(message.timestamp) < editableForMs
  return (
    <Dialog title={text === null ? 'Message' : 'Edit message'} onClose={onClose}>
      {error !== null && <Problem error={error} />}
      {text === null ? (
        <>
          <div class="row emojis" role="group" aria-label="React">
            {emojis.map((emoji) => (
              <button
                key={emoji}
                type="button"
                class="button plain"
                aria-label={emoji === mine ? `Take ${emoji} back` : `React with ${emoji}`}
                aria-pressed={emoji === mine}
                disabled={isBusy}
                onClick={() => act('reaction', { emoji: emoji === mine ? '' : emoji })}
              >
                {emoji}
              </button>
            ))}
          </div>
          <div class="menu">
            <button
              type="button"
              class="button plain"
              onClick={() => {
                onReply()
                onClose()
              }}
            >
              Reply
            </button>
            {message.content !== '' && (
              <button
                type="button"
                class="button plain"
                onClick={(event) => {
                  copyText(message.content, event.currentTarget).then(() => {
                    tell('The text was copied.')
                    onClose()
                  }, setError)
                }}
              >
                Copy text
              </button>
            )}
            <button
              type="button"
              class="button plain"
              disabled={isBusy}
              onClick={() => act(message.starred ? 'unstar' : 'star')}
            >
              {message.starred ? 'Take the star off' : 'Star'}
            </button>
            {isEditable && (
              <button type="button" class="button plain" onClick={() => setText(message.content)}>
                Edit
              </button>
            )}
            {message.is_from_me && (
              <button
                type="button"
                class="button plain danger"
                disabled={isBusy}
                onClick={() => act('revoke')}
              >
                Delete for everyone
              </button>
            )}
            <button
              type="button"
              class="button plain danger"
              disabled={isBusy}
              onClick={() => act('delete', {}, onGone)}
            >
              Delete for me
            </button>
          </div>
        </>
      ) : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault()
            act('update', { message: text })
          }}
        >
          <Field label="Text">
            {(ids) => (
              <textarea
                {...ids}
                class="input"
                rows={4}
                required
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            )}
          </Field>
          <footer>
            <button type="submit" class="button main" disabled={isBusy}>
              Save
            </button>
          </footer>
        </form>
      )}
    </Dialog>
  )
}
