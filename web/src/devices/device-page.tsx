import { call } from '../api/client.ts'
import { hrefOf } from '../routing.ts'
import { formatPhone, fromNow, fullTime } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Empty, isMissing, Loading, Problem } from '../ui/parts.tsx'
import { TextForm } from '../ui/text-form.tsx'
import { tell } from '../ui/toasts.tsx'
import { DeviceActions } from './device-actions.tsx'
import { calledOf, describeDevice } from './device-state.ts'
import { useDevice } from './use-devices.ts'
import { WebhookCard } from './webhook-card.tsx'

/** One device: how it is and why, its webhook, and what can be done to it. */
export function DevicePage({ id }: { readonly id: string }) {
  const { data: device, error, reload } = useDevice(id)
  if (isMissing(error))
    return (
      <Empty icon="devices" title={`There is no device ${id}`}>
        <a href={hrefOf('devices')}>All devices</a>
      </Empty>
    )
  if (device === null) return error === null ? <Loading what={id} /> : <Problem error={error} />
  const words = describeDevice(device)
  const { connection } = device
  return (
    <div class="page">
      <header>
        <a class="button plain icon" href={hrefOf('devices')} aria-label="All devices">
          <Icon name="back" />
        </a>
        <h1>{calledOf(device)}</h1>
        <span class={`badge ${words.kind}`}>{words.label}</span>
      </header>
      <div class="stack">
        {words.why !== undefined && (
          <div class={`note ${words.kind}`}>
            <Icon name="warn" />
            <div>{words.why}</div>
          </div>
        )}
        <section class="card stack">
          <h2>State</h2>
          <dl class="facts">
            {device.name !== undefined && (
              <>
                <dt>Id</dt>
                <dd class="mono">{device.id}</dd>
              </>
            )}
            <dt>Account</dt>
            <dd>
              {device.phone_number === undefined ? 'None yet' : formatPhone(device.phone_number)}
              {device.display_name !== undefined && device.display_name !== '' && ` · ${device.display_name}`}
            </dd>
            {device.jid !== undefined && device.jid !== '' && (
              <>
                <dt>JID</dt>
                <dd class="mono">{device.jid}</dd>
              </>
            )}
            <dt>Added</dt>
            <dd>{fullTime(device.created_at)}</dd>
            <Moment label="Last heard of WhatsApp" at={connection?.last_sign_at} />
            <Moment label="Last send acknowledged" at={connection?.last_ack_at} />
            <Count label="Could not be decrypted" count={connection?.undecryptable} />
            <Count label="Received, not yet stored" count={connection?.waiting_stanzas} />
          </dl>
          <DeviceActions device={device} onChange={reload} hasRemove />
        </section>
        <section class="card stack">
          <h2>Name</h2>
          <TextForm
            key={device.name}
            label="Name for people"
            hint="Shown here in place of the id, which programs go on using. Empty: the id is shown."
            value={device.name ?? ''}
            action="Rename"
            save={async (name) => {
              await call('PATCH', `devices/${encodeURIComponent(device.id)}`, { json: { name } })
              tell('The device was renamed.')
              reload()
            }}
          />
        </section>
        <WebhookCard deviceId={device.id} />
      </div>
    </div>
  )
}

function Moment({ label, at }: { readonly label: string; readonly at: string | undefined }) {
  if (at === undefined) return null
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <time dateTime={at} title={fullTime(at)}>
          {fromNow(at)}
        </time>
      </dd>
    </>
  )
}

function Count({ label, count }: { readonly label: string; readonly count: number | undefined }) {
  if (count === undefined || count === 0) return null
  return (
    <>
      <dt>{label}</dt>
      <dd>{count}</dd>
    </>
  )
}
