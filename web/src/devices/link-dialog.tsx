import { useEffect, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { ScanButton } from '../sandbox/scan-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { formatPhone } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Field, Problem } from '../ui/parts.tsx'
import { useDevice } from './use-devices.ts'
import { useQrCode } from './use-qr-code.ts'

/** Links a device to an account: by a QR code to scan, or by a code to type on the phone. */
export function LinkDialog({
  deviceId,
  onClose,
}: {
  readonly deviceId: string
  readonly onClose: () => void
}) {
  const [way, setWay] = useState<'qr' | 'code'>('qr')
  const { data: device } = useDevice(deviceId)
  const isDone = device?.state === 'logged_in'
  return (
    <Dialog title={isDone ? 'Linked' : `Link ${deviceId}`} onClose={onClose}>
      {isDone ? (
        <div class="done" role="status">
          <Icon name="good" />
          <p>
            {deviceId} is linked
            {device.phone_number !== undefined && ` to ${formatPhone(device.phone_number)}`} and can send.
          </p>
          <button type="button" class="button main" onClick={onClose}>
            Done
          </button>
        </div>
      ) : (
        <div class="link-ways">
          <div class="tabs" role="tablist" aria-label="How to link">
            {(['qr', 'code'] as const).map((each) => (
              <button
                key={each}
                type="button"
                role="tab"
                id={`tab-${each}`}
                aria-controls="link-way"
                aria-selected={way === each}
                onClick={() => setWay(each)}
              >
                {each === 'qr' ? 'QR code' : 'Pairing code'}
              </button>
            ))}
          </div>
          <div id="link-way" role="tabpanel" aria-labelledby={`tab-${way}`}>
            {way === 'qr' ? <ByQrCode deviceId={deviceId} /> : <ByPairingCode deviceId={deviceId} />}
          </div>
        </div>
      )}
    </Dialog>
  )
}

function ByQrCode({ deviceId }: { readonly deviceId: string }) {
  const { picture, text, error, isPaused, secondsLeft, share, renew } = useQrCode(deviceId)
  return (
    <div class="stack">
      <ol class="steps">
        <li>Open WhatsApp on your phone.</li>
        <li>
          Open <b>Settings</b>, <b>Linked devices</b>, <b>Link a device</b>.
        </li>
        <li>Point the phone at this code.</li>
      </ol>
      {error !== null && <Problem error={error} />}
      <div class="qr">
        {error === null && (
          <div class="picture">
            {picture === null || isPaused ? (
              <div class="spinner" />
            ) : (
              <img src={picture} alt="QR code to scan with WhatsApp" />
            )}
          </div>
        )}
        {picture !== null && error === null && !isPaused && (
          <>
            <div class="left">
              <div style={{ transform: `scaleX(${share})` }} />
            </div>
            <div class="soft small" role="timer" aria-live="off">
              A new code in {secondsLeft} s
            </div>
          </>
        )}
        {text !== null && error === null && !isPaused && <ScanButton text={text} />}
        {(error !== null || isPaused) && (
          <button type="button" class="button main" onClick={renew}>
            <Icon name="again" />
            Show a new code
          </button>
        )}
      </div>
    </div>
  )
}

function ByPairingCode({ deviceId }: { readonly deviceId: string }) {
  const [phone, setPhone] = useState('')
  const [code, setCode] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => setCode(null), [deviceId])
  const submit = (event: Event) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    const query = { phone: phone.replace(/\D/g, '') }
    call<{ pair_code: string }>('POST', `devices/${encodeURIComponent(deviceId)}/login/code`, { query })
      .then(({ pair_code: got }) => setCode(got), setError)
      .finally(() => setBusy(false))
  }
  return (
    <form class="stack" onSubmit={submit}>
      <Field label="Phone number of the account" hint="With the country’s code, as in +1 555 555 0100.">
        {(ids) => (
          <input
            {...ids}
            class="input"
            type="tel"
            autocomplete="off"
            required
            value={phone}
            onInput={(event) => setPhone(event.currentTarget.value)}
          />
        )}
      </Field>
      {error !== null && <Problem error={error} />}
      {code !== null && (
        <>
          <div class="pair-code" role="status" aria-label={`Pairing code ${Array.from(code).join(' ')}`}>
            {code.length === 8 ? `${code.slice(0, 4)}-${code.slice(4)}` : code}
          </div>
          <p>
            On the phone open <b>Settings</b>, <b>Linked devices</b>, <b>Link with phone number instead</b>{' '}
            and type it.
          </p>
        </>
      )}
      <button type="submit" class={code === null ? 'button main' : 'button'} disabled={isBusy}>
        {code === null ? 'Get a code' : 'Get another code'}
      </button>
    </form>
  )
}
