import { useEffect, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import type { Page } from '../api/shapes.ts'
import { hrefOf } from '../routing.ts'
import { ChunkedList } from '../ui/chunked-list.tsx'
import { dayOf, shownAddress } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Empty, Face, Loading, Problem } from '../ui/parts.tsx'
import { ChatMenu } from './chat-menu.tsx'
import { Composer } from './composer.tsx'
import { MessageBubble } from './message-bubble.tsx'
import { type Chat, type Message, nameOf } from './shapes.ts'
import { noteSeen } from './unread.ts'
import { useConversation } from './use-conversation.ts'
import { useLabels } from './use-labels.ts'

const messagePx = 56

/** A message to be shown in its chat. */
export interface SoughtMessage {
  readonly id: string
  /** When it was sent. */
  readonly at: string
}

/** One chat: its messages, and the place to write. */
export function Conversation({
  device,
  jid,
  sought,
}: {
  readonly device: string
  readonly jid: string
  readonly sought: SoughtMessage | null
}) {
  const { messages, chat } = useConversation(device, jid)
  const [replyTo, setReplyTo] = useState<Message | null>(null)
  const shown: Chat = chat ?? {
    jid,
    name: '',
    last_message_time: '',
    ephemeral_expiration: 0,
    archived: false,
    pinned: false,
  }
  const labels = useLabels(device)
  const isGroup = shown.jid.endsWith('@g.us')
  const { total } = messages
  const newest = total === null ? undefined : messages.get(total - 1)
  useSeen(device, shown.jid, newest?.id)
  const target = useTarget(device, jid, sought, total)
  return (
    <section class="talk" aria-label={`Chat with ${nameOf(shown)}`}>
      <header class="talk-head">
        <a class="button plain icon back-link" href={hrefOf('chats', device)} aria-label="All chats">
          <Icon name="back" />
        </a>
        <Face name={nameOf(shown)} />
        <div class="grow">
          <h2 class="cut">{nameOf(shown)}</h2>
          <div class="soft small cut">
            {shownAddress(shown.jid)}
            {shown.ephemeral_expiration > 0 && ' · messages disappear'}
          </div>
        </div>
        {labels.data?.map(
          (label) =>
            label.chat_jids.includes(shown.jid) && (
              <span key={label.id} class="tag">
                {label.name}
              </span>
            ),
        )}
        {infoOf(device, shown.jid)}
        <ChatMenu device={device} chat={shown} newest={newest} onChange={messages.refreshStart} />
      </header>
      {messages.error !== null && <Problem error={messages.error} />}
      {total === null && messages.error === null && <Loading what="messages" />}
      {total === 0 && (
        <div class="scroller">
          <Empty icon="chats" title="No messages yet" />
        </div>
      )}
      {total !== null && total > 0 && (
        <ChunkedList
          label="Messages"
          total={total}
          estimatePx={messagePx}
          start="bottom"
          onChunks={messages.need}
          target={target}
          item={(index) => {
            const message = messages.get(index)
            if (message === undefined) return <div key={index} class="bubble-line waiting" />
            const before = index === 0 ? null : messages.get(index - 1)
            const day = dayOf(message.timestamp)
            const isNewDay = before === null || (before !== undefined && dayOf(before.timestamp) !== day)
            const quoted =
              message.replied_to_id === undefined
                ? -1
                : messages.find(({ id }) => id === message.replied_to_id)
            return (
              <div key={message.id}>
                {isNewDay && (
                  <h3 class="day">
                    <span>{day}</span>
                  </h3>
                )}
                <MessageBubble
                  device={device}
                  chatJid={shown.jid}
                  message={message}
                  isSought={message.id === sought?.id}
                  quoted={messages.get(quoted)}
                  showsSender={isGroup && !message.is_from_me && before?.sender_jid !== message.sender_jid}
                  onReply={() => setReplyTo(message)}
                  onChange={() => messages.refresh(index)}
                  onGone={messages.reload}
                />
              </div>
            )
          }}
        />
      )}
      <Composer
        device={device}
        jid={shown.jid}
        replyTo={replyTo}
        onCancelReply={() => setReplyTo(null)}
        onSent={() => {
          setReplyTo(null)
          messages.refreshStart()
        }}
      />
    </section>
  )
}

/** The way to what is known of a group, a channel or a person. */
function infoOf(device: string, jid: string) {
  const section = jid.endsWith('@g.us') ? 'groups' : jid.endsWith('@newsletter') ? 'channels' : 'contacts'
  const label = { groups: 'About this group', channels: 'About this channel', contacts: 'About this person' }[
    section
  ]
  return (
    <a class="button plain icon" href={hrefOf(section, device, jid)} aria-label={label}>
      <Icon name={section} />
    </a>
  )
}

/** Notes that the newest message is seen, once the page itself is. */
function useSeen(device: string, jid: string, newestId: string | undefined): void {
  useEffect(() => {
    if (newestId === undefined) return
    const note = () => {
      if (!document.hidden) noteSeen(device, jid, newestId)
    }
    note()
    document.addEventListener('visibilitychange', note)
    return () => document.removeEventListener('visibilitychange', note)
  }, [device, jid, newestId])
}

/** Place of the message to be shown: before it are all that are older. */
function useTarget(
  device: string,
  jid: string,
  sought: SoughtMessage | null,
  total: number | null,
): number | undefined {
  const [target, setTarget] = useState<number | undefined>(undefined)
  const isReady = total !== null && total > 0
  useEffect(() => {
    if (sought === null || !isReady) return
    const abort = new AbortController()
    const query = { limit: 1, end_time: sought.at }
    call<Page<Message>>('GET', `chat/${encodeURIComponent(jid)}/messages`, {
      device,
      query,
      signal: abort.signal,
    }).then(
      (page) => setTarget(Math.max(page.pagination.total - 1, 0)),
      () => setTarget(undefined),
    )
    return () => abort.abort()
  }, [device, jid, sought?.id, sought?.at, isReady])
  return target
}
