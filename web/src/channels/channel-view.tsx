import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { hrefOf } from '../routing.ts'
import { Confirm } from '../ui/dialog.tsx'
import { fullTime } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Face } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import { ChannelPosts } from './channel-posts.tsx'
import { type Channel, channelNameOf, followersOf, mayPost } from './shapes.ts'

/** One channel: what it is, and its posts. */
export function ChannelView({
  device,
  channel,
  onLeft,
}: {
  readonly device: string
  readonly channel: Channel
  readonly onLeft: () => void
}) {
  const [isAsking, setAsking] = useState(false)
  const name = channelNameOf(channel)
  const { thread_metadata: facts, viewer_metadata: viewer, state } = channel
  // Seconds since 1970.
  const createdMs = Number(facts.creation_time) * 1000
  return (
    <section class="talk" aria-label={`Channel ${name}`}>
      <header class="talk-head">
        <a class="button plain icon back-link" href={hrefOf('channels', device)} aria-label="All channels">
          <Icon name="back" />
        </a>
        <Face name={name} />
        <div class="grow">
          <h2 class="cut">{name}</h2>
          <div class="soft small cut">
            {followersOf(channel)}
            {/^verified$/i.test(facts.verification) && ' · verified'}
          </div>
        </div>
        <button type="button" class="button danger" onClick={() => setAsking(true)}>
          Unfollow
        </button>
      </header>
      <div class="pane stack">
        <section class="card stack">
          <h3>About</h3>
          {facts.description.text !== '' && <p class="words">{facts.description.text}</p>}
          <dl class="facts">
            <dt>JID</dt>
            <dd class="mono">{channel.id}</dd>
            <dt>You are</dt>
            <dd>{(viewer?.role ?? 'not known').toLowerCase()}</dd>
            <dt>State</dt>
            <dd>
              {state.type.toLowerCase()}
              {/^on$/i.test(viewer?.mute ?? '') && ', muted'}
            </dd>
            {createdMs > 0 && (
              <>
                <dt>Made</dt>
                <dd>{fullTime(new Date(createdMs).toISOString())}</dd>
              </>
            )}
            {facts.invite !== '' && (
              <>
                <dt>Link</dt>
                <dd class="mono">https://whatsapp.com/channel/{facts.invite}</dd>
              </>
            )}
          </dl>
        </section>
        <ChannelPosts device={device} jid={channel.id} canPost={mayPost(channel)} />
      </div>
      {isAsking && (
        <Confirm
          title={`Unfollow ${name}?`}
          action="Unfollow"
          isDanger
          run={async () => {
            await call('POST', 'newsletter/unfollow', { device, json: { newsletter_id: channel.id } })
            tell(`You do not follow ${name} now.`)
            onLeft()
          }}
          onClose={() => setAsking(false)}
        >
          <p>Its posts come no more. Following it again is done on the phone.</p>
        </Confirm>
      )}
    </section>
  )
}
