import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import type { Device } from '../api/shapes.ts'
import { hrefOf } from '../routing.ts'
import { Dialog } from '../ui/dialog.tsx'
import { formatPhone } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Empty, Field, Loading, Problem } from '../ui/parts.tsx'
import { DeviceActions } from './device-actions.tsx'
import { calledOf, describeDevice } from './device-state.ts'
import { LinkDialog } from './link-dialog.tsx'
import { useDevices } from './use-devices.ts'

/** All devices as cards. */
export function DevicesPage() {
  const { data: devices, error, reload } = useDevices()
  const [isAdding, setAdding] = useState(false)
  const [linking, setLinking] = useState<string | null>(null)
  const addButton = (
    <button type="button" class="button main" onClick={() => setAdding(true)}>
      <Icon name="add" />
      Add device
    </button>
  )
  return (
    <div class="page">
      <header>
        <h1>Devices</h1>
        {devices !== null && devices.length > 0 && addButton}
      </header>
      {error !== null && <Problem error={error} />}
      {devices === null && error === null && <Loading what="devices" />}
      {devices?.length === 0 && (
        <Empty icon="devices" title="No devices yet">
          <p>A device is a place to link a WhatsApp account to, as WhatsApp Web is.</p>
          {addButton}
        </Empty>
      )}
      {devices !== null && devices.length > 0 && (
        <ul class="devices">
          {devices.map((device) => (
            <li key={device.id} class="card device">
              <DeviceCard device={device} onChange={reload} />
            </li>
          ))}
        </ul>
      )}
      {isAdding && (
        <AddDialog
          onClose={() => setAdding(false)}
          onAdded={(id) => {
            setAdding(false)
            setLinking(id)
            reload()
          }}
        />
      )}
      {linking !== null && (
        <LinkDialog
          deviceId={linking}
          onClose={() => {
            setLinking(null)
            reload()
          }}
        />
      )}
    </div>
  )
}

function DeviceCard({ device, onChange }: { readonly device: Device; readonly onChange: () => void }) {
  const words = describeDevice(device)
  return (
    <>
      <div class="row">
        <h2 class="grow">
          <a href={hrefOf('devices', device.id)}>{calledOf(device)}</a>
        </h2>
        <span class={`badge ${words.kind}`}>{words.label}</span>
      </div>
      <div class="soft">
        {device.phone_number === undefined ? 'No account' : formatPhone(device.phone_number)}
        {device.display_name !== undefined && device.display_name !== '' && ` · ${device.display_name}`}
      </div>
      {words.why !== undefined && (
        <div class={`note ${words.kind} why`}>
          <Icon name="warn" />
          <div>{words.why}</div>
        </div>
      )}
      <DeviceActions device={device} onChange={onChange} />
    </>
  )
}

function AddDialog({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void
  readonly onAdded: (id: string) => void
}) {
  const [name, setName] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const submit = (event: Event) => {
    event.preventDefault()
    setBusy(true)
    call<Device>('POST', 'devices', { json: name.trim() === '' ? {} : { device_id: name.trim() } }).then(
      (device) => onAdded(device.id),
      (thrown: unknown) => {
        setBusy(false)
        setError(thrown)
      },
    )
  }
  return (
    <Dialog title="Add a device" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label="Name" hint="Names it in the API. Left empty, it gets a random id.">
          {(ids) => (
            <input
              {...ids}
              class="input"
              autocomplete="off"
              placeholder="main"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        {error !== null && <Problem error={error} />}
        <footer>
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button main" disabled={isBusy}>
            Add and link
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
