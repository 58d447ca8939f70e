import { useState } from 'preact/hooks'
import { tellError } from '../ui/toasts.tsx'
import { useLoad } from '../ui/use-load.ts'
import { act, fetchPhones, isSandbox } from './phones.ts'

/** In a sandbox, beside a QR code: lets a simulated phone scan it. */
export function ScanButton({ text }: { readonly text: string }) {
  return isSandbox.value ? <PhonesToScan text={text} /> : null
}

function PhonesToScan({ text }: { readonly text: string }) {
  const { data: phones } = useLoad('phones to scan with', fetchPhones)
  const [isBusy, setBusy] = useState(false)
  const [first] = phones?.filter(({ linked_devices: linked }) => linked.length === 0) ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const phone = chosen ?? first?.phone
  if (phones === null || phone === undefined) return null
  return (
    <div class="row">
      <select
        class="input choice"
        aria-label="Simulated phone"
        value={phone}
        onChange={(event) => setChosen(event.currentTarget.value)}
      >
        {phones.map((each) => (
          <option key={each.phone} value={each.phone}>
            {each.name}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="button main"
        disabled={isBusy}
        onClick={() => {
          setBusy(true)
          act(phone, 'scan', { qr: text })
            .catch(tellError)
            .finally(() => setBusy(false))
        }}
      >
        Scan with this phone
      </button>
    </div>
  )
}
