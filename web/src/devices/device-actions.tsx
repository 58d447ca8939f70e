import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import type { Device } from '../api/shapes.ts'
import { goTo } from '../routing.ts'
import { Confirm } from '../ui/dialog.tsx'
import { tell, tellError } from '../ui/toasts.tsx'
import { calledOf, needsLink } from './device-state.ts'
import { LinkDialog } from './link-dialog.tsx'

/** What can be done to a device's connection. `onChange` is called when something was. */
export function DeviceActions({
  device,
  onChange,
  hasRemove = false,
}: {
  readonly device: Device
  readonly onChange: () => void
  readonly hasRemove?: boolean
}) {
  const [open, setOpen] = useState<'link' | 'logout' | 'remove' | null>(null)
  const [isReconnecting, setReconnecting] = useState(false)
  const close = () => {
    setOpen(null)
    onChange()
  }
  const called = calledOf(device)
  const path = `devices/${encodeURIComponent(device.id)}`
  const reconnect = () => {
    setReconnecting(true)
    call('POST', `${path}/reconnect`)
      .then(() => tell(`${called} is connected again.`), tellError)
      .finally(() => {
        setReconnecting(false)
        onChange()
      })
  }
  const isLinked = !needsLink(device)
  return (
    <div class="row acts">
      {!isLinked && (
        <button type="button" class="button main" onClick={() => setOpen('link')}>
          Link
        </button>
      )}
      {isLinked && (
        <>
          <button type="button" class="button" disabled={isReconnecting} onClick={reconnect}>
            Reconnect
          </button>
          <button type="button" class="button" onClick={() => setOpen('logout')}>
            Log out
          </button>
        </>
      )}
      {hasRemove ? (
        <button type="button" class="button danger" onClick={() => setOpen('remove')}>
          Remove
        </button>
      ) : (
        <a class="button plain" href={`#/devices/${encodeURIComponent(device.id)}`}>
          Details<span class="unseen"> of {called}</span>
        </a>
      )}
      {open === 'link' && <LinkDialog deviceId={device.id} onClose={close} />}
      {open === 'logout' && (
        <Confirm
          title={`Log out ${called}?`}
          action="Log out"
          isDanger
          run={() => call('POST', `${path}/logout`)}
          onClose={close}
        >
          <p>
            The account is unlinked at WhatsApp and has to be linked again to send or receive. Chats and
            messages stay here.
          </p>
        </Confirm>
      )}
      {open === 'remove' && (
        <Confirm
          title={`Remove ${called}?`}
          action="Remove for good"
          isDanger
          run={async () => {
            await call('DELETE', path)
            tell(`${called} was removed.`)
            goTo('devices')
          }}
          onClose={close}
        >
          <p>This deletes, for good, all that is kept of the device here:</p>
          <ul class="steps" style={{ listStyle: 'disc' }}>
            <li>its chats, messages, contacts and labels,</li>
            <li>its webhook endpoints and their deliveries,</li>
            <li>its keys: it cannot connect again without being linked anew.</li>
          </ul>
          <p class="soft">
            It stays in the phone’s list of linked devices until you take it away there, or log it out here
            first.
          </p>
        </Confirm>
      )}
    </div>
  )
}
