import { call } from '../api/client.ts'
import { hrefOf } from '../routing.ts'
import { shortTime } from '../ui/format.ts'
import { Loading, Problem } from '../ui/parts.tsx'
import { useLoad } from '../ui/use-load.ts'
import { type Message, summaryOf } from './shapes.ts'

type FoundMessage = Omit<Message, 'reactions'> & { readonly chat_name: string }

interface Found {
  readonly data: readonly FoundMessage[]
  readonly has_more: boolean
}

/** Messages of all chats that have the words; a click shows the message in its chat. */
export function FoundMessages({ device, words }: { readonly device: string; readonly words: string }) {
  const { data, error } = useLoad(`${device} ${words}`, (signal) =>
    call<Found>('GET', 'messages/search', { device, query: { q: words, limit: 50 }, signal }),
  )
  if (error !== null) return <Problem error={error} />
  if (data === null) return <Loading what="messages" />
  return (
    <section class="found" aria-label="Messages found">
      <h2>Messages</h2>
      {data.data.length === 0 && <p class="soft">No message has these words.</p>}
      <ul>
        {data.data.map((message) => (
          <li key={`${message.chat_jid} ${message.id}`}>
            <a class="entry" href={hrefOf('chats', device, message.chat_jid, message.id, message.timestamp)}>
              <span class="entry-words">
                <span class="line">
                  <b class="grow cut">{message.chat_name}</b>
                  <time class="soft small" dateTime={message.timestamp}>
                    {shortTime(message.timestamp)}
                  </time>
                </span>
                <span class="soft cut">
                  {message.is_from_me ? 'You: ' : ''}
                  {summaryOf(message)}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      {data.has_more && <p class="soft">There are more; write another word to narrow it down.</p>}
    </section>
  )
}
