import { useState } from 'preact/hooks'
import { ApiError, call, isSignInNeeded } from './api/client.ts'
import { connect, connection, isRemote, ownBase, toCredential } from './api/connection.ts'
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

function CredentialsForm() {
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const { base, credential: before } = connection.value
  const submit = async (event: Event) => {
    event.preventDefault()
    setBusy(true)
    connect({ base, credential: toCredential(user, password) })
    try {
      await call('GET', 'app/info')
      isSignInNeeded.value = false
    } catch (thrown) {
      connect({ base, credential: before })
      setBusy(false)
      const isRefused = thrown instanceof ApiError && thrown.status === 401
      setError(isRefused ? new Error('That user name and password are not known here.') : thrown)
    }
  }
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <p class="soft">{new URL(base).host} asks who you are. This is remembered until you close the tab.</p>
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
      <Field label="Password">
        {(ids) => (
          <input
            {...ids}
            class="input"
            type="password"
            autocomplete="current-password"
            required
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        )}
      </Field>
      {error !== null && <Problem error={error} />}
      <button type="submit" class="button main" disabled={isBusy}>
        Sign in
      </button>
    </form>
  )
}
