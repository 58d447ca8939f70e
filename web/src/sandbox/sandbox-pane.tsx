import { useEffect, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import type { Device, QrLogin } from '../api/shapes.ts'
import { needsLink } from '../devices/device-state.ts'
import { goTo } from '../routing.ts'
import { formatPhone } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Field, Problem } from '../ui/parts.tsx'
import { tell, tellError } from '../ui/toasts.tsx'
import { useLoad } from '../ui/use-load.ts'
import { PhoneScreen } from './phone-screen.tsx'
import {
  act,
  arePhonesShown,
  fetchGroups,
  fetchPhones,
  isSandbox,
  type Phone,
  type SandboxGroup,
} from './phones.ts'
import { useFresh } from './use-fresh.ts'

/** The phones of the simulated people, beside whatever page is open. On narrow windows it opens over the page. */
export function SandboxPane() {
  useEffect(() => {
    isSandbox.value = true
    return () => {
      isSandbox.value = false
    }
  }, [])
  if (!arePhonesShown.value) return null
  return (
    <aside class="phones" aria-labelledby="phones-title">
      <header class="row">
        <h2 class="grow" id="phones-title">
          Simulated phones
        </h2>
        <button
          type="button"
          class="button plain icon"
          aria-label="Close the phones"
          onClick={() => {
            arePhonesShown.value = false
          }}
        >
          <Icon name="close" />
        </button>
      </header>
      <Phones />
    </aside>
  )
}

/** In the navigation: shows the phones or puts them away. */
export function PhonesToggle() {
  return (
    <button
      type="button"
      class="button plain phones-toggle"
      aria-expanded={arePhonesShown.value}
      onClick={() => {
        arePhonesShown.value = !arePhonesShown.value
      }}
    >
      <Icon name="phones" />
      Phones
    </button>
  )
}

function Phones() {
  const phones = useFresh('phones', fetchPhones)
  const groups = useLoad('sandbox groups', fetchGroups)
  const [chosen, setChosen] = useState<string | null>(null)
  const [chat, setChat] = useState<string | null>(null)
  const error = phones.error ?? groups.error
  if (error !== null) return <Problem error={error} />
  const [first] = phones.data ?? []
  if (phones.data === null || groups.data === null || first === undefined) return null
  const linked = phones.data.find((phone) => phone.linked_devices.length > 0)
  // Whoever is linked is the account behind the dashboard; more is to be seen on somebody else's phone.
  const phone =
    phones.data.find((each) => each.phone === chosen) ??
    (linked === undefined ? first : (phones.data.find((each) => each !== linked) ?? first))
  const chats = chatsOf(phone, phones.data, groups.data)
  const open =
    chats.find(({ jid }) => jid === chat) ?? chats.find(({ jid }) => jid === linked?.jid) ?? chats[0]
  return (
    <>
      <Field label="Whose phone">
        {(ids) => (
          <select
            {...ids}
            class="input"
            value={phone.phone}
            onChange={(event) => {
              setChosen(event.currentTarget.value)
              setChat(null)
            }}
          >
            {phones.data?.map((each) => (
              <option key={each.phone} value={each.phone}>
                {each.name} ({formatPhone(each.phone)})
              </option>
            ))}
          </select>
        )}
      </Field>
      <div class="row">
        <OnlineSwitch key={phone.phone} phone={phone} onChange={phones.reload} />
        {phone.linked_devices.length > 0 && <span class="badge good">Linked to the gateway</span>}
      </div>
      {phone.linked_devices.length === 0 && linked === undefined && (
        <LinkPhone phone={phone} onLinked={phones.reload} />
      )}
      {open !== undefined && (
        <>
          <Field label="Chat">
            {(ids) => (
              <select
                {...ids}
                class="input"
                value={open.jid}
                onChange={(event) => setChat(event.currentTarget.value)}
              >
                {chats.map(({ jid, name }) => (
                  <option key={jid} value={jid}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <PhoneScreen key={`${phone.phone} ${open.jid}`} phone={phone} chat={open} />
        </>
      )}
    </>
  )
}

function OnlineSwitch({ phone, onChange }: { readonly phone: Phone; readonly onChange: () => void }) {
  // What was wished stands until the simulator tells the same.
  const [wished, setWished] = useState<boolean | null>(null)
  useEffect(() => setWished((now) => (now === phone.online ? null : now)), [phone.online])
  return (
    <label class="check grow">
      <input
        type="checkbox"
        checked={wished ?? phone.online}
        onChange={(event) => {
          const online = event.currentTarget.checked
          setWished(online)
          act(phone.phone, 'behaviour', { online }).then(onChange, (error: unknown) => {
            setWished(null)
            tellError(error)
          })
        }}
      />
      Online
    </label>
  )
}

function chatsOf(phone: Phone, phones: readonly Phone[], groups: readonly SandboxGroup[]) {
  const own = groups.filter(({ members }) => members.some((member) => member.phone === phone.phone))
  return [
    ...phones.filter((each) => each !== phone).map(({ jid, name }) => ({ jid, name })),
    ...own.map(({ jid, subject }) => ({ jid, name: `${subject} (group)` })),
  ]
}

/** Everything that linking takes, in one click: a device, its QR code, and this phone to scan it. */
function LinkPhone({ phone, onLinked }: { readonly phone: Phone; readonly onLinked: () => void }) {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const link = async () => {
    const devices = await call<readonly Device[]>('GET', 'devices')
    const device =
      devices.find(needsLink) ?? (await call<Device>('POST', 'devices', { json: { device_id: 'main' } }))
    const login = await call<QrLogin>('GET', `devices/${encodeURIComponent(device.id)}/login`)
    await act(phone.phone, 'scan', { qr: login.qr_code })
    tell(`${device.id} is linked to ${phone.name}.`)
    goTo('chats', device.id)
    onLinked()
  }
  return (
    <div class="stack">
      <p class="soft">Nobody is linked yet. Let this phone scan the gateway’s QR code:</p>
      {error !== null && <Problem error={error} />}
      <button
        type="button"
        class="button main"
        disabled={isBusy}
        onClick={() => {
          setBusy(true)
          setError(null)
          link()
            .catch(setError)
            .finally(() => setBusy(false))
        }}
      >
        Link {phone.name} to the gateway
      </button>
    </div>
  )
}
