import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import type { Device } from '../api/shapes.ts'
import { useLabels } from '../chats/use-labels.ts'
import type { PersonInfo } from '../contacts/shapes.ts'
import { ForDevice } from '../devices/for-device.tsx'
import { hrefOf } from '../routing.ts'
import { formatPhone } from '../ui/format.ts'
import { Loading, Problem } from '../ui/parts.tsx'
import { Picture } from '../ui/picture.tsx'
import { PictureForm } from '../ui/picture-form.tsx'
import { TextForm } from '../ui/text-form.tsx'
import { tell } from '../ui/toasts.tsx'
import { useLoad } from '../ui/use-load.ts'
import { PrivacyCard } from './privacy-card.tsx'

/** The account of one device: how others see it, and what it shows them. */
export function AccountPage({ device }: { readonly device: string | undefined }) {
  return (
    <ForDevice section="account" wanted={device} icon="account" what="accounts">
      {(chosen, chooser) => <Account key={chosen.id} device={chosen} chooser={chooser} />}
    </ForDevice>
  )
}

function Account({ device, chooser }: { readonly device: Device; readonly chooser: ComponentChildren }) {
  return (
    <div class="page">
      <header>
        <h1>Account</h1>
        {chooser}
      </header>
      {device.phone_number === undefined ? (
        <p class="note">
          <span>
            No account is linked to {device.id}. <a href={hrefOf('devices', device.id)}>Link one</a>
          </span>
        </p>
      ) : (
        <div class="stack">
          <Profile device={device} phone={device.phone_number} />
          <PrivacyCard device={device.id} />
          <Labels device={device.id} />
        </div>
      )}
    </div>
  )
}

function Profile({ device, phone }: { readonly device: Device; readonly phone: string }) {
  const [version, setVersion] = useState(0)
  const info = useLoad(`own info ${device.id}`, (signal) =>
    call<PersonInfo>('GET', 'user/info', { device: device.id, query: { phone }, signal }),
  )
  const name = device.display_name ?? ''
  const setAvatar = async (file: File | null) => {
    if (file === null) await call('DELETE', 'user/avatar', { device: device.id })
    else {
      const form = new FormData()
      form.set('avatar', file, file.name)
      await call('POST', 'user/avatar', { device: device.id, form })
    }
    setVersion(version + 1)
    tell(file === null ? 'The picture was taken away.' : 'The picture was set.')
  }
  return (
    <section class="card stack">
      <h2>Profile</h2>
      <div class="row">
        <Picture device={device.id} jid={phone} name={name === '' ? phone : name} version={version} />
        <div class="grow">
          <b>{name === '' ? 'No name yet' : name}</b>
          <div class="soft">{formatPhone(phone)}</div>
        </div>
      </div>
      {info.error !== null && <Problem error={info.error} />}
      {info.data === null && info.error === null && <Loading what="the profile" />}
      {info.data !== null && (
        <dl class="facts">
          {info.data.verified_name !== '' && (
            <>
              <dt>Verified name</dt>
              <dd>{info.data.verified_name}</dd>
            </>
          )}
          <dt>About</dt>
          <dd class="words">{info.data.status === '' ? 'Nothing' : info.data.status}</dd>
          <dt>Devices</dt>
          <dd>{info.data.devices.length}</dd>
        </dl>
      )}
      <TextForm
        key={name}
        label="Name that others see"
        hint="At most 25 characters."
        value={name}
        isRequired
        action="Set name"
        save={async (text) => {
          await call('POST', 'user/pushname', { device: device.id, json: { push_name: text } })
          tell('The name was set.')
        }}
      />
      <PictureForm label="New picture" action="Set picture" remove="Remove picture" save={setAvatar} />
    </section>
  )
}

function Labels({ device }: { readonly device: string }) {
  const labels = useLabels(device)
  return (
    <section class="card stack">
      <h2>Labels</h2>
      {labels.error !== null && <Problem error={labels.error} />}
      {labels.data === null && labels.error === null && <Loading what="labels" />}
      {labels.data?.length === 0 && (
        <p class="soft">There are none. A label is put on a chat in the chat’s settings.</p>
      )}
      <ul class="row" aria-label="Labels">
        {labels.data?.map(({ id, name, chat_jids: chats }) => (
          <li key={id} class="tag">
            {name}, {chats.length === 1 ? '1 chat' : `${chats.length} chats`}
          </li>
        ))}
      </ul>
    </section>
  )
}
