import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { useEvents } from '../api/live.ts'
import { fullTime, shortTime } from '../ui/format.ts'
import { Empty, Loading, Problem } from '../ui/parts.tsx'
import { TextForm } from '../ui/text-form.tsx'
import { tell } from '../ui/toasts.tsx'
import { useAct } from '../ui/use-act.ts'
import { useLoad } from '../ui/use-load.ts'
import type { ChannelPost } from './shapes.ts'

/** So many posts are fetched at a time. */
const pageSize = 25

/** A channel's posts, newest first. */
export function ChannelPosts({
  device,
  jid,
  canPost,
}: {
  readonly device: string
  readonly jid: string
  readonly canPost: boolean
}) {
  const fetchPosts = async (before: number, signal?: AbortSignal) => {
    const query = { newsletter_id: jid, count: pageSize, before }
    const { data } = await call<{ data: readonly ChannelPost[] }>('GET', 'newsletter/messages', {
      device,
      query,
      ...(signal && { signal }),
    })
    return [...data].sort((a, b) => b.server_id - a.server_id)
  }
  const newest = useLoad(`posts ${device} ${jid}`, (signal) => fetchPosts(0, signal))
  const [older, setOlder] = useState<readonly ChannelPost[]>([])
  const [isAll, setAll] = useState(false)
  const [written, setWritten] = useState(0)
  const { isBusy, error, act } = useAct()
  useEvents(({ event, body }) => {
    const { newsletter_id: changed, chat_id: posted } = body.payload ?? {}
    const isAbout = event === 'newsletter.message' ? changed === jid : posted === jid
    if (body.session_id === device && isAbout) newest.reload()
  })
  const first = newest.data ?? []
  const known = new Set(first.map((post) => post.server_id))
  const posts = [...first, ...older.filter((post) => !known.has(post.server_id))]
  const last = posts.at(-1)
  const hasOlder = !isAll && first.length >= pageSize
  return (
    <section class="stack" aria-label="Posts">
      <h3>Posts</h3>
      {canPost && (
        <TextForm
          key={written}
          label="New post"
          value=""
          isRequired
          isLong
          action="Post"
          save={async (message) => {
            await call('POST', 'send/message', { device, json: { phone: jid, message } })
            tell('It was posted.')
            setWritten((count) => count + 1)
            newest.reload()
          }}
        />
      )}
      {newest.error !== null && <Problem error={newest.error} />}
      {newest.data === null && newest.error === null && <Loading what="posts" />}
      {newest.data?.length === 0 && <Empty icon="channels" title="Nothing was posted yet" />}
      <ol class="stack">
        {posts.map((post) => (
          <li key={post.server_id}>
            <Post post={post} />
          </li>
        ))}
      </ol>
      {error !== null && <Problem error={error} />}
      {hasOlder && last !== undefined && (
        <div class="row">
          <button
            type="button"
            class="button"
            disabled={isBusy}
            onClick={() =>
              act(async () => {
                const more = await fetchPosts(last.server_id)
                setOlder([...older, ...more])
                setAll(more.length < pageSize)
              })
            }
          >
            Older posts
          </button>
        </div>
      )}
    </section>
  )
}

function Post({ post }: { readonly post: ChannelPost }) {
  const reactions = Object.entries(post.reaction_counts ?? {})
  return (
    <article class="card stack" aria-label={`Post of ${fullTime(post.timestamp)}`}>
      {post.text === undefined ? (
        <p class="soft">A post of the kind {post.type}, without text</p>
      ) : (
        <p class="words">{post.text}</p>
      )}
      <div class="row soft small">
        <time class="grow" dateTime={post.timestamp} title={fullTime(post.timestamp)}>
          {shortTime(post.timestamp)}
        </time>
        {reactions.map(([emoji, count]) => (
          <span key={emoji} class="tag">
            {emoji} {count}
          </span>
        ))}
        <span>{post.views_count === 1 ? '1 view' : `${post.views_count} views`}</span>
      </div>
    </article>
  )
}
