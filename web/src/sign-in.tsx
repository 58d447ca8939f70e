import { useState } from 'preact/hooks'
import { ApiError, call, isSignInNeeded } from './api/client.ts'
import { connect, connection, isRemote, ownBase, toBasic, toBearer } from './api/connection.ts'
import { Mark } from './ui/icons.tsx'
import { Field, Problem } from './ui/parts.tsx'

/** Asks for the credentials of the gateway, or says why it cannot be worked with. */
export function SignIn({ error, onRetry }: { readonly error?: unknown; readonly onRetry?: () => void }) {
  return (
    <main class="sign-in">
      <div class="card stack">
        <div class="brand">
          <Mark />
          <h1>Gatewa</h1>
        </div>
        {error === undefined ? <CredentialsForm /> : <Problem error={error} />}
        {onRetry !== undefined && (
          <button type="button" class="button main" onClick={onRetry}>
            Try again
          </button>
        )}
        {isRemote.value && (
          <button
            type="button"
            class="button"
            onClick={() => {
              isSignInNeeded.value = false
              connect({ base: ownBase, credential: null })
            }}
          >
            Back to this gateway
          </button>
        )}
      </div>
    </main>
  )
}

type Way = 'password' | 'key'

const ways: readonly (readonly [Way, string])[] = [
  ['password', 'User'],
  ['key', 'API key'],
]

const refusals: Readonly<Record<Way, string>> = {
  password: 'That user name and password are not known here.',
  key: 'That key is not known here, was revoked or has expired.',
}

function CredentialsForm() {
  const [way, setWay] = useState<Way>('password')
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const [key, setKey] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const { base, credential: before } = connection.value
  const submit = async (event: Event) => {
    event.preventDefault()
    const credential = way === 'password' ? toBasic(user, password) : toBearer(key)
    if (credential === null) return setError(new Error('That is no API key: it has letters that none has.'))
    setBusy(true)
    connect({ base, credential })
    try {
      await call('GET', 'app/info')
      isSignInNeeded.value = false
    } catch (thrown) {
      connect({ base, credential: before })
      setBusy(false)
      const isRefused = thrown instanceof ApiError && thrown.status === 401
      setError(isRefused ? new Error(refusals[way]) : thrown)
    }
  }
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <p class="soft">{new URL(base).host} asks who you are. This is remembered until you close the tab.</p>
      <div class="tabs" role="tablist" aria-label="How to sign in">
        {ways.map(([each, label]) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`tab-${each}`}
            aria-selected={way === each}
            aria-controls="sign-in-way"
            onClick={() => {
              setWay(each)
              setError(null)
            }}
          >
            {label}
          </button>
        ))}
      </div>
      <div class="stack" id="sign-in-way" role="tabpanel" aria-labelledby={`tab-${way}`}>
        {way === 'password' ? (
          <>
            <Field label="User name">
              {(ids) => (
                <input
                  {...ids}
                  class="input"
                  autocomplete="username"
                  required
                  value={user}
                  onInput={(event) => setUser(event.currentTarget.value)}
                />
              )}
            </Field>
            <Secret label="Password" name="current-password" value={password} onValue={setPassword} />
          </>
        ) : (
          <Secret
            label="Key"
            hint="It decides what this page may show and do."
            name="off"
            value={key}
            onValue={setKey}
          />
        )}
      </div>
      {error !== null && <Problem error={error} />}
      <button type="submit" class="button main" disabled={isBusy}>
        Sign in
      </button>
    </form>
  )
}

function Secret({
  label,
  hint,
  name,
  value,
  onValue,
}: {
  readonly label: string
  readonly hint?: string
  /** What password managers know it by. */
  readonly name: 'current-password' | 'off'
  readonly value: string
  readonly onValue: (value: string) => void
}) {
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <input
          {...ids}
          class="input"
          type="password"
          autocomplete={name}
          required
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
