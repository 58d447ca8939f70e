import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Icon } from '../ui/icons.tsx'
import { Problem } from '../ui/parts.tsx'
import { MentionList, markedIdOf } from './mention-list.tsx'
import { SendDialog } from './send-dialog.tsx'
import { type Message, summaryOf } from './shapes.ts'
import { useMentions } from './use-mentions.ts'

/** Where messages are written: Enter sends, Shift and Enter begin a new line, @ mentions somebody in a group. */
export function Composer({
  device,
  jid,
  replyTo,
  onCancelReply,
  onSent,
}: {
  readonly device: string
  readonly jid: string
  readonly replyTo: Message | null
  readonly onCancelReply: () => void
  readonly onSent: () => void
}) {
  const [text, setText] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [file, setFile] = useState<File | null>(null)
  const [isChoosing, setChoosing] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const isGroup = jid.endsWith('@g.us')
  const mentions = useMentions(device, isGroup ? jid : null, (changed, caret) => {
    setText(changed)
    caretAt.current = caret
  })
  const caretAt = useRef<number | null>(null)
  // Once the text with the chosen name is shown, writing goes on behind it.
  useLayoutEffect(() => {
    if (caretAt.current === null) return
    field.current?.focus()
    field.current?.setSelectionRange(caretAt.current, caretAt.current)
    caretAt.current = null
  }, [text])
  const look = ({ value, selectionStart }: HTMLTextAreaElement) => mentions.look(value, selectionStart)
  const reply = replyTo === null ? {} : { reply_message_id: replyTo.id }
  const send = () => {
    if (text.trim() === '' || isBusy) return
    setBusy(true)
    setError(null)
    const { message, mentions: mentioned } = mentions.toSend(text)
    const json = { phone: jid, message, ...reply, ...(mentioned.length > 0 && { mentions: mentioned }) }
    call('POST', 'send/message', { device, json })
      .then(() => {
        // What was written meanwhile is the next message.
        const now = field.current?.value ?? ''
        const rest = now.startsWith(text) ? now.slice(text.length) : now
        setText(rest)
        mentions.look(rest, rest.length)
        onSent()
      }, setError)
      .finally(() => {
        setBusy(false)
        field.current?.focus()
      })
  }
  return (
    <div
      class="composer"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        const [dropped] = event.dataTransfer?.files ?? []
        if (dropped !== undefined) setFile(dropped)
      }}
    >
      {error !== null && <Problem error={error} />}
      {replyTo !== null && (
        <div class="quote replying">
          <b>Reply to {replyTo.is_from_me ? 'yourself' : replyTo.sender_display_name}</b>
          <span class="cut">{summaryOf(replyTo)}</span>
          <button type="button" class="button plain icon" aria-label="Do not reply" onClick={onCancelReply}>
            <Icon name="close" />
          </button>
        </div>
      )}
      {isGroup && <MentionList mentions={mentions} />}
      <form
        class="write"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <button
          type="button"
          class="button plain icon"
          aria-label="Send something else"
          onClick={() => setChoosing(true)}
        >
          <Icon name="attach" />
        </button>
        <textarea
          ref={field}
          class="input"
          rows={Math.min(text.split('\n').length, 6)}
          aria-label="Message"
          placeholder={isGroup ? 'Message; @ mentions somebody' : 'Message'}
          {...(isGroup && { 'aria-autocomplete': 'list' })}
          {...(mentions.people.length > 0 && {
            'aria-controls': mentions.listId,
            'aria-activedescendant': markedIdOf(mentions),
          })}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value)
            look(event.currentTarget)
          }}
          onClick={(event) => look(event.currentTarget)}
          onKeyUp={(event) => {
            if (/^(Arrow(Left|Right)|Home|End)$/.test(event.key)) look(event.currentTarget)
          }}
          onPaste={(event) => {
            const [pasted] = event.clipboardData?.files ?? []
            if (pasted === undefined) return
            event.preventDefault()
            setFile(pasted)
          }}
          onKeyDown={(event) => {
            if (!event.isComposing && !event.shiftKey && mentions.onKey(event.key)) {
              event.preventDefault()
              return
            }
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
            event.preventDefault()
            send()
          }}
        />
        <button
          type="submit"
          class="button main icon"
          aria-label="Send"
          disabled={isBusy || text.trim() === ''}
        >
          {isBusy ? <span class="spinner" /> : <Icon name="send" />}
        </button>
      </form>
      {(isChoosing || file !== null) && (
        <SendDialog
          device={device}
          jid={jid}
          reply={reply}
          file={file}
          onClose={() => {
            setChoosing(false)
            setFile(null)
          }}
          onSent={onSent}
        />
      )}
    </div>
  )
}
