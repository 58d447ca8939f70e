import { useState } from 'preact/hooks'
import { fullTime, timeOfDay } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Media } from './media.tsx'
import { MessageMenu } from './message-menu.tsx'
import { type Message, summaryOf, wordsOf } from './shapes.ts'
import { Ticks } from './ticks.tsx'

/** One message with everything that belongs to it. */
export function MessageBubble({
  device,
  chatJid,
  message,
  quoted,
  showsSender,
  isSought,
  onReply,
  onChange,
  onGone,
}: {
  readonly device: string
  readonly chatJid: string
  readonly message: Message
  readonly quoted: Message | undefined
  readonly showsSender: boolean
  /** The message that somebody looked for. */
  readonly isSought: boolean
  readonly onReply: () => void
  /** Something of it was changed. */
  readonly onChange: () => void
  /** It is there no more. */
  readonly onGone: () => void
}) {
  const [isMenuOpen, setMenuOpen] = useState(false)
  const words = wordsOf(message)
  const who = message.is_from_me ? 'You' : message.sender_display_name
  return (
    <article
      class={`bubble-line${message.is_from_me ? ' own' : ''}${isSought ? ' sought' : ''}`}
      aria-label={`${who}, ${timeOfDay(message.timestamp)}`}
    >
      <div class="bubble">
        {showsSender && <div class="sender">{message.sender_display_name}</div>}
        {message.replied_to_id !== undefined && !message.revoked && (
          <blockquote class="quote">
            <b>
              {quoted === undefined ? 'Answer to' : quoted.is_from_me ? 'You' : quoted.sender_display_name}
            </b>
            <span class="cut">{quoted === undefined ? 'an earlier message' : summaryOf(quoted)}</span>
          </blockquote>
        )}
        {message.revoked ? (
          <div class="soft">
            <i>This message was deleted</i>
          </div>
        ) : (
          <>
            {message.media_type !== '' && <Media device={device} chatJid={chatJid} message={message} />}
            {words !== '' && words !== message.filename && <div class="words">{linked(words)}</div>}
          </>
        )}
        <div class="tail soft">
          {message.starred && (
            <span role="img" aria-label="Starred">
              ★
            </span>
          )}
          {message.edited_at !== undefined && !message.revoked && <span>edited</span>}
          <time dateTime={message.timestamp} title={fullTime(message.timestamp)}>
            {timeOfDay(message.timestamp)}
          </time>
          {message.status !== undefined && <Ticks status={message.status} />}
        </div>
        {message.reactions.length > 0 && (
          <div class="reactions">
            {message.reactions.map((reaction) => (
              <span
                key={reaction.sender_jid}
                role="img"
                title={reaction.is_from_me ? 'You' : reaction.sender_display_name}
                aria-label={`${reaction.is_from_me ? 'You' : reaction.sender_display_name} reacted with ${reaction.emoji}`}
              >
                {reaction.emoji}
              </span>
            ))}
          </div>
        )}
      </div>
      {!message.revoked && (
        <div class="bubble-acts">
          <button type="button" class="button plain icon" aria-label="Reply" onClick={onReply}>
            <Icon name="reply" />
          </button>
          <button
            type="button"
            class="button plain icon"
            aria-label="React and more"
            onClick={() => setMenuOpen(true)}
          >
            <Icon name="more" />
          </button>
        </div>
      )}
      {isMenuOpen && (
        <MessageMenu
          device={device}
          chatJid={chatJid}
          message={message}
          onReply={onReply}
          onChange={onChange}
          onGone={onGone}
          onClose={() => setMenuOpen(false)}
        />
      )}
    </article>
  )
}

/** The text with its web addresses as links. */
function linked(text: string) {
  return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]'])/g).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <a key={index} href={part} target="_blank" rel="noreferrer noopener">
        {part}
      </a>
    ),
  )
}
