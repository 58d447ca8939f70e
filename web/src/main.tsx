import './styles/base.css'
import './styles/parts.css'
import './styles/frame.css'
import './styles/split.css'
import './styles/devices.css'
import './styles/chats.css'
import './styles/events.css'
import './styles/keys.css'
import './styles/playground.css'
import './styles/sandbox.css'
import './styles/rooms.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { startTheme } from './ui/theme.ts'

startTheme()
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
