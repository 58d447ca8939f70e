import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Confirm } from '../ui/dialog.tsx'
import { fromNow, fullTime } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Empty, Loading, Problem } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import { useLoad } from '../ui/use-load.ts'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { type ApiKey, scopeWords } from './shapes.ts'

/** API keys: what each may do, since when and until when. Those that ended are shown on demand. */
export function KeysPage() {
  const {
    data: keys,
    error,
    reload,
  } = useLoad('keys', (signal) => call<readonly ApiKey[]>('GET', 'keys', { signal }))
  const [isMaking, setMaking] = useState(false)
  const [showsEnded, setShowsEnded] = useState(false)
  const ended = keys?.filter(({ state }) => state !== 'active') ?? []
  const shown = keys?.filter(({ state }) => showsEnded || state === 'active') ?? []
  return (
    <div class="page">
      <header>
        <h1>API keys</h1>
        {ended.length > 0 && (
          <button
            type="button"
            class="button plain"
            aria-pressed={showsEnded}
            onClick={() => setShowsEnded((now) => !now)}
          >
            Ended ({ended.length})
          </button>
        )}
        <button type="button" class="button main" onClick={() => setMaking(true)}>
          <Icon name="add" />
          New key
        </button>
      </header>
      {error !== null && <Problem error={error} />}
      {keys === null && error === null && <Loading what="keys" />}
      {keys !== null && shown.length === 0 && (
        <Empty icon="key" title="No keys yet">
          <p>A key lets a program in with less than everything: some scopes, some devices, until some day.</p>
        </Empty>
      )}
      <ul class="keys">
        {shown.map((key) => (
          <li key={key.id} class="card stack">
            <KeyCard apiKey={key} onChange={reload} />
          </li>
        ))}
      </ul>
      {isMaking && (
        <NewKeyDialog
          onMade={reload}
          onClose={() => {
            setMaking(false)
          }}
        />
      )}
    </div>
  )
}

const badges = { active: 'good', expired: 'warn', revoked: 'bad' } as const

function KeyCard({ apiKey: key, onChange }: { readonly apiKey: ApiKey; readonly onChange: () => void }) {
  const [isRevoking, setRevoking] = useState(false)
  return (
    <>
      <div class="row">
        <h2 class="grow">{key.name}</h2>
        <span class={`badge ${badges[key.state]}`}>{key.state}</span>
      </div>
      <dl class="facts">
        <dt>May</dt>
        <dd class="row">
          {key.scopes.map((scope) => (
            <span key={scope} class="tag" title={scopeWords[scope]}>
              {scope}
            </span>
          ))}
        </dd>
        <dt>Devices</dt>
        <dd>{key.devices === undefined ? 'all' : key.devices.join(', ')}</dd>
        {key.recipients !== undefined && (
          <>
            <dt>Writes only to</dt>
            <dd>{key.recipients.join(', ')}</dd>
          </>
        )}
        {key.requests_per_minute !== undefined && (
          <>
            <dt>Requests</dt>
            <dd>at most {key.requests_per_minute} a minute</dd>
          </>
        )}
        <Moment label="Last used" at={key.last_used_at} none="never" />
        <Moment label={key.state === 'expired' ? 'Expired' : 'Expires'} at={key.expires_at} none="never" />
        <Moment label="Revoked" at={key.revoked_at} />
        <Moment label="Made" at={key.created_at} by={key.created_by} />
      </dl>
      {key.state === 'active' && (
        <div class="row">
          <button type="button" class="button danger" onClick={() => setRevoking(true)}>
            Revoke<span class="unseen"> {key.name}</span>
          </button>
        </div>
      )}
      {isRevoking && (
        <Confirm
          title={`Revoke ${key.name}?`}
          action="Revoke for good"
          isDanger
          run={async () => {
            await call('DELETE', `keys/${encodeURIComponent(key.id)}`)
            tell(`${key.name} was revoked.`)
            onChange()
          }}
          onClose={() => setRevoking(false)}
        >
          <p>Who uses it is refused from now on, and the streams it opened end. It cannot be brought back.</p>
        </Confirm>
      )}
    </>
  )
}

function Moment({
  label,
  at,
  by = '',
  none,
}: {
  readonly label: string
  readonly at: string | undefined
  readonly by?: string
  /** What is said where there is no such moment; nothing when absent. */
  readonly none?: string
}) {
  if (at === undefined && none === undefined) return null
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {at === undefined ? (
          none
        ) : (
          <time dateTime={at} title={fullTime(at)}>
            {fromNow(at)}
          </time>
        )}
        {by !== '' && ` by ${by}`}
      </dd>
    </>
  )
}
