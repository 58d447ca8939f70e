import { call } from '../api/client.ts'
import { Loading, Problem } from '../ui/parts.tsx'
import { useLoad } from '../ui/use-load.ts'

interface Privacy {
  readonly group_add: string
  readonly last_seen: string
  readonly status: string
  readonly profile: string
  readonly read_receipts: string
}

const settings: readonly (readonly [name: keyof Privacy, label: string])[] = [
  ['last_seen', 'Last seen'],
  ['profile', 'Profile picture'],
  ['status', 'About text'],
  ['group_add', 'Adding to groups'],
  ['read_receipts', 'Read receipts'],
]

const words: Readonly<Record<string, string>> = {
  all: 'Everybody',
  contacts: 'Contacts',
  contact_blacklist: 'Contacts, except some',
  contact_allowlist: 'Some contacts',
  match_last_seen: 'As last seen',
  known: 'People who are known',
  none: 'Nobody',
}

/** Who sees what of the account. It is changed on the phone. */
export function PrivacyCard({ device }: { readonly device: string }) {
  const { data, error } = useLoad(`privacy of ${device}`, (signal) =>
    call<Privacy>('GET', 'user/my/privacy', { device, signal }),
  )
  return (
    <section class="card stack">
      <h2>Privacy</h2>
      <p class="soft">Who sees what. It is changed on the phone.</p>
      {error !== null && <Problem error={error} />}
      {data === null && error === null && <Loading what="privacy settings" />}
      {data !== null && (
        <dl class="facts">
          {settings.map(([name, label]) => (
            <div key={name} class="fact">
              <dt>{label}</dt>
              <dd>{words[data[name]] ?? (data[name] === '' ? 'Not told' : data[name])}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}
