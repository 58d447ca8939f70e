import { useEffect } from 'preact/hooks'
import { call, isSignInNeeded } from './api/client.ts'
import { connection } from './api/connection.ts'
import { startLive, streamState } from './api/live.ts'
import type { AppInfo } from './api/shapes.ts'
import { pageOf, sections } from './pages.tsx'
import { hrefOf, place } from './routing.ts'
import { PhonesToggle, SandboxPane } from './sandbox/sandbox-pane.tsx'
import { SignIn } from './sign-in.tsx'
import { Icon, Mark } from './ui/icons.tsx'
import { Loading } from './ui/parts.tsx'
import { Toasts } from './ui/toasts.tsx'
import { useLoad } from './ui/use-load.ts'

/** The whole page: asks for credentials where the gateway does, else shows the place that the address names. */
export function App() {
  const { base, credential } = connection.value
  const info = useLoad(`${base} ${credential}`, (signal) => call<AppInfo>('GET', 'app/info', { signal }))
  if (isSignInNeeded.value) return <SignIn />
  if (info.data !== null) return <Frame key={base} info={info.data} />
  if (info.error !== null) return <SignIn error={info.error} onRetry={info.reload} />
  return <Loading what="the dashboard" />
}

function Frame({ info }: { readonly info: AppInfo }) {
  const [section = 'devices', ...rest] = place.value
  const { title, page } = pageOf(section)
  useEffect(startLive, [])
  useEffect(() => {
    document.title = `${title} · Gatewa`
    // On narrow windows not all places fit.
    document.querySelector('.nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [title])
  return (
    <div class={info.sandbox === true ? 'frame has-phones' : 'frame'}>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
      >
        Skip to the page
      </a>
      <nav class="nav" aria-label="Sections">
        <div class="brand">
          <Mark />
          Gatewa
        </div>
        <ul>
          {sections.map(({ name, title: label, icon }) => (
            <li key={name}>
              <a href={hrefOf(name)} {...(name === section && { 'aria-current': 'page' })}>
                <Icon name={icon} />
                {label}
              </a>
            </li>
          ))}
        </ul>
        {info.sandbox === true && <PhonesToggle />}
        <div class="stand">
          <StreamMark />
          <div>Version {info.version}</div>
        </div>
      </nav>
      <main class="room" id="main" tabIndex={-1}>
        {page(rest, info)}
      </main>
      {info.sandbox === true && <SandboxPane />}
      <Toasts />
    </div>
  )
}

function StreamMark() {
  const words = {
    live: 'Live',
    connecting: 'Connecting',
    lost: 'Connection lost, trying again',
    refused: 'No live events: reading is not allowed',
  } as const
  const kind = { live: 'good', connecting: '', lost: 'warn', refused: 'warn' } as const
  return (
    <div class={`badge ${kind[streamState.value]}`} role="status">
      {words[streamState.value]}
    </div>
  )
}
