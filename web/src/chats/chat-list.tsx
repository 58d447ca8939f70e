import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { useEvents } from '../api/live.ts'
import type { Page } from '../api/shapes.ts'
import { hrefOf } from '../routing.ts'
import { ChunkedList, chunkSize } from '../ui/chunked-list.tsx'
import { shortTime } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Empty, Face, Loading, Problem } from '../ui/parts.tsx'
import { useChunks } from '../ui/use-chunks.ts'
import { useChatChanges } from './chat-changes.ts'
import { FoundMessages } from './found-messages.tsx'
import { type ListedChat, nameOf, summaryOf } from './shapes.ts'
import { Ticks } from './ticks.tsx'
import { unreadOf } from './unread.ts'

const rowPx = 68
/** Typing rests for so long before it is searched for. */
const typingRestMs = 200
/** A search shows so many chats above the messages. */
const mostFoundChats = 8
/** Events that come together cause one look. */
const togetherMs = 150

/** The chats of a device, the pinned ones first, then the newest, in a list of any length. */
export function ChatList({
  device,
  openJid,
}: {
  readonly device: string
  readonly openJid: string | undefined
}) {
  const [typed, setTyped] = useState('')
  const [search, setSearch] = useState('')
  const [isArchived, setArchived] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), typingRestMs)
    return () => clearTimeout(timer)
  }, [typed])

  const fetchPart = async (index: number, signal: AbortSignal) => {
    const query = {
      limit: chunkSize,
      offset: index,
      search,
      // What is looked for is found in the archive too.
      archived: search === '' ? isArchived : undefined,
      pinned_first: true,
      last_message: true,
    }
    const page = await call<Page<ListedChat>>('GET', 'chats', { device, query, signal })
    return { items: page.data, index, total: page.pagination.total }
  }
  const chats = useChunks(
    `${device} ${search} ${isArchived}`,
    (signal) => fetchPart(0, signal),
    (index, _, signal) => fetchPart(index, signal),
  )
  useChatChanges(chats.reload)
  const timer = useRef(0)
  useEvents(({ event, body }) => {
    if (body.session_id !== device || !/^(message|history|label|contact)/.test(event)) return
    clearTimeout(timer.current)
    timer.current = window.setTimeout(chats.refreshStart, togetherMs)
  })
  useEffect(() => () => clearTimeout(timer.current), [])

  return (
    <>
      <div class="split-find">
        <label class="find">
          <Icon name="search" />
          <span class="unseen">Search chats and messages</span>
          <input
            class="input"
            type="search"
            placeholder="Search"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <button
          type="button"
          class="button plain"
          aria-pressed={isArchived}
          onClick={() => setArchived((now) => !now)}
        >
          <Icon name="archive" />
          {isArchived ? 'Archived' : 'Archive'}
        </button>
      </div>
      {chats.error !== null && <Problem error={chats.error} />}
      {chats.total === null && chats.error === null && <Loading what="chats" />}
      {chats.total === 0 && search === '' && (
        <Empty icon="chats" title={isArchived ? 'Nothing is archived' : 'No chats here yet'} />
      )}
      {search !== '' && chats.total !== null && (
        <div class="scroller">
          {chats.total > 0 && (
            <section class="found" aria-label="Chats found">
              <h2>Chats</h2>
              {Array.from({ length: Math.min(chats.total, mostFoundChats) }, (_, index) => (
                <ChatRow key={index} device={device} chat={chats.get(index)} isOpen={false} isFound />
              ))}
            </section>
          )}
          <FoundMessages device={device} words={search} />
        </div>
      )}
      {search === '' && chats.total !== null && chats.total > 0 && (
        <ChunkedList
          label="List of chats"
          total={chats.total}
          estimatePx={rowPx}
          start="top"
          onChunks={chats.need}
          item={(index) => (
            <ChatRow
              key={index}
              device={device}
              chat={chats.get(index)}
              isOpen={chats.get(index)?.jid === openJid}
            />
          )}
        />
      )}
    </>
  )
}

function ChatRow({
  device,
  chat,
  isOpen,
  isFound = false,
}: {
  readonly device: string
  readonly chat: ListedChat | undefined
  readonly isOpen: boolean
  /** Among what was looked for, which may be in the archive. */
  readonly isFound?: boolean
}) {
  if (chat === undefined) return <div class="entry waiting" />
  const name = nameOf(chat)
  const count = isOpen ? 0 : unreadOf(device, chat)
  const last = chat.last_message
  return (
    <a class="entry" href={hrefOf('chats', device, chat.jid)} {...(isOpen && { 'aria-current': 'true' })}>
      <Face name={name} />
      <span class="entry-words">
        <span class="line">
          <b class="grow cut">{name}</b>
          {chat.pinned && (
            <>
              <Icon name="pin" />
              <span class="unseen">pinned</span>
            </>
          )}
          {isFound && chat.archived && (
            <>
              <Icon name="archive" />
              <span class="unseen">archived</span>
            </>
          )}
          <time class="soft small" dateTime={chat.last_message_time}>
            {shortTime(chat.last_message_time)}
          </time>
        </span>
        <span class="line soft">
          {last?.status !== undefined && <Ticks status={last.status} />}
          <span class="grow cut">{last === undefined ? '' : summaryOf(last)}</span>
          {chat.labels.map((label) => (
            <span key={label.id} class="tag">
              {label.name}
            </span>
          ))}
          {count > 0 && (
            <span class="count">
              {count}
              <span class="unseen"> unread</span>
            </span>
          )}
        </span>
      </span>
    </a>
  )
}
