import { useState } from 'preact/hooks'
import { call, isSignInNeeded, urlOf } from './api/client.ts'
import { connect, connection, isRemote, ownBase, toBase } from './api/connection.ts'
import type { Actor, AppInfo } from './api/shapes.ts'
import { formatBytes } from './ui/format.ts'
import { Field, Problem } from './ui/parts.tsx'
import { type Theme, theme } from './ui/theme.ts'
import { useLoad } from './ui/use-load.ts'

const themes: readonly (readonly [Theme, string])[] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

/** How the page looks, which gateway it works with, and what that one is. */
export function SettingsPage({ info }: { readonly info: AppInfo }) {
  return (
    <div class="page">
      <header>
        <h1>Settings</h1>
      </header>
      <div class="stack">
        <section class="card stack">
          <h2>Look</h2>
          <div class="row" role="radiogroup" aria-label="Look">
            {themes.map(([value, label]) => (
              <label key={value} class="check">
                <input
                  type="radio"
                  name="theme"
                  checked={theme.value === value}
                  onChange={() => {
                    theme.value = value
                  }}
                />
                {label}
              </label>
            ))}
          </div>
        </section>
        <GatewayCard />
        <section class="card stack">
          <h2>About</h2>
          <dl class="facts">
            <dt>Version</dt>
            <dd>{info.version}</dd>
            <dt>Name on phones</dt>
            <dd>{info.os}</dd>
            <dt>Largest image</dt>
            <dd>{formatBytes(info.max_image_size)}</dd>
            <dt>Largest video</dt>
            <dd>{formatBytes(info.max_video_size)}</dd>
            <dt>Largest file</dt>
            <dd>{formatBytes(info.max_file_size)}</dd>
          </dl>
          <div class="row">
            <a class="button" href={urlOf('docs')} target="_blank" rel="noreferrer">
              API documentation
            </a>
            <a class="button" href={urlOf('openapi.json')} target="_blank" rel="noreferrer">
              OpenAPI document
            </a>
          </div>
        </section>
      </div>
    </div>
  )
}

function GatewayCard() {
  const { base, credential } = connection.value
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<unknown>(null)
  const submit = (event: Event) => {
    event.preventDefault()
    const next = toBase(typed)
    if (next === null) setError(new Error('That is no address; write it as in https://gateway.example'))
    else connect({ base: next, credential: null })
  }
  const signOut = () => {
    connect({ base, credential: null })
    isSignInNeeded.value = true
  }
  return (
    <section class="card stack" aria-labelledby="gateway">
      <h2 id="gateway">Gateway</h2>
      <p>
        This page works with <code>{base}</code>
        {isRemote.value ? ', which is not the gateway it came from.' : '.'}
      </p>
      <Credential />
      <div class="row">
        {credential !== null && (
          <button type="button" class="button" onClick={signOut}>
            Sign out
          </button>
        )}
        {isRemote.value && (
          <button type="button" class="button" onClick={() => connect({ base: ownBase, credential: null })}>
            Back to this gateway
          </button>
        )}
      </div>
      <form class="stack" onSubmit={submit}>
        <Field
          label="Work with another gateway"
          hint="Its APP_CORS_ALLOWED_ORIGINS has to allow this page. Remembered until you close the tab."
        >
          {(ids) => (
            <input
              {...ids}
              class="input"
              type="text"
              inputMode="url"
              placeholder="https://gateway.example"
              required
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          )}
        </Field>
        {error !== null && <Problem error={error} />}
        <div class="row">
          <button type="submit" class="button">
            Connect
          </button>
        </div>
      </form>
    </section>
  )
}

/** As whom the page works, and what that may do. */
function Credential() {
  const { base, credential } = connection.value
  const { data: actor } = useLoad(`actor ${base} ${credential}`, (signal) =>
    call<Actor>('GET', 'auth/me', { signal }),
  )
  if (actor === null) return null
  return (
    <dl class="facts">
      <dt>As</dt>
      <dd>{actor.name === '' ? 'anybody: this gateway asks for no credentials' : actor.name}</dd>
      <dt>May</dt>
      <dd>{actor.scopes.join(', ')}</dd>
      <dt>Devices</dt>
      <dd>{actor.devices === undefined ? 'all' : actor.devices.join(', ')}</dd>
      {actor.recipients !== undefined && (
        <>
          <dt>Writes only to</dt>
          <dd>{actor.recipients.join(', ')}</dd>
        </>
      )}
    </dl>
  )
}
