import { useRef, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Icon } from '../ui/icons.tsx'
import { Problem } from '../ui/parts.tsx'
import { SendDialog } from './send-dialog.tsx'
import { type Message, summaryOf } from './shapes.ts'

/** Where messages are written: Enter sends, Shift and Enter begin a new line. */
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
  const reply = replyTo === null ? {} : { reply_message_id: replyTo.id }
  const send = () => {
    if (text.trim() === '' || isBusy) return
    setBusy(true)
    setError(null)
    call('POST', 'send/message', { device, json: { phone: jid, message: text, ...reply } })
      .then(() => {
        setText('')
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
          placeholder="Message; @number mentions"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onPaste={(event) => {
            const [pasted] = event.clipboardData?.files ?? []
            if (pasted === undefined) return
            event.preventDefault()
            setFile(pasted)
          }}
          onKeyDown={(event) => {
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
