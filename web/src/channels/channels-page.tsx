import type { ComponentChildren } from 'preact'
import { call } from '../api/client.ts'
import { useEvents } from '../api/live.ts'
import { ForDevice } from '../devices/for-device.tsx'
import { goTo, hrefOf } from '../routing.ts'
import { FilteredList } from '../ui/filtered-list.tsx'
import { Empty, Face, Loading, Problem } from '../ui/parts.tsx'
import { Split } from '../ui/split.tsx'
import { useLoad } from '../ui/use-load.ts'
import { ChannelView } from './channel-view.tsx'
import { type Channel, channelNameOf, followersOf, mayPost } from './shapes.ts'

const rowPx = 68

/** The channels that one device's account follows or runs, beside one of them. */
export function ChannelsPage({
  device,
  jid,
}: {
  readonly device: string | undefined
  readonly jid: string | undefined
}) {
  return (
    <ForDevice section="channels" wanted={device} icon="channels" what="channels">
      {({ id }, chooser) => <Channels key={id} device={id} chooser={chooser} jid={jid} />}
    </ForDevice>
  )
}

function Channels({
  device,
  chooser,
  jid,
}: {
  readonly device: string
  readonly chooser: ComponentChildren
  readonly jid: string | undefined
}) {
  const channels = useLoad(`channels of ${device}`, async (signal) => {
    const { data } = await call<{ data: readonly Channel[] }>('GET', 'user/my/newsletters', {
      device,
      signal,
    })
    return [...data].sort((a, b) => channelNameOf(a).localeCompare(channelNameOf(b)))
  })
  useEvents(({ event, body }) => {
    if (body.session_id === device && /^newsletter\.(joined|left|mute)$/.test(event)) channels.reload()
  })
  const open = channels.data?.find(({ id }) => id === jid)
  return (
    <Split
      label="Channels"
      chooser={chooser}
      list={
        <>
          {channels.error !== null && <Problem error={channels.error} />}
          {channels.data === null && channels.error === null && <Loading what="channels" />}
          {channels.data?.length === 0 && (
            <Empty icon="channels" title="No channels yet">
              <p>The channels that the account follows or runs are listed here.</p>
            </Empty>
          )}
          {channels.data !== null && channels.data.length > 0 && (
            <FilteredList
              label="List of channels"
              searchLabel="Search channels"
              noun={['channel', 'channels']}
              items={channels.data}
              wordsOf={(channel) => channelNameOf(channel)}
              rowPx={rowPx}
              row={(channel) => (
                <ChannelRow key={channel.id} device={device} channel={channel} isOpen={channel.id === jid} />
              )}
            />
          )}
        </>
      }
      icon="channels"
      hint={jid === undefined || channels.data === null ? 'Choose a channel' : 'It is not among the channels'}
    >
      {open === undefined ? null : (
        <ChannelView
          key={open.id}
          device={device}
          channel={open}
          onLeft={() => {
            channels.reload()
            goTo('channels', device)
          }}
        />
      )}
    </Split>
  )
}

function ChannelRow({
  device,
  channel,
  isOpen,
}: {
  readonly device: string
  readonly channel: Channel
  readonly isOpen: boolean
}) {
  const name = channelNameOf(channel)
  return (
    <a
      class="entry"
      href={hrefOf('channels', device, channel.id)}
      {...(isOpen && { 'aria-current': 'true' })}
    >
      <Face name={name} />
      <span class="entry-words">
        <b class="cut">{name}</b>
        <span class="soft small cut">
          {followersOf(channel)}
          {mayPost(channel) && ' · you post here'}
        </span>
      </span>
    </a>
  )
}
