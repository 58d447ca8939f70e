import { signal } from '@preact/signals'
import { Icon } from './icons.tsx'
import { sentenceOf } from './parts.tsx'

interface Toast {
  readonly id: number
  readonly text: string
  readonly kind: 'good' | 'bad'
}

const toasts = signal<readonly Toast[]>([])
const shownForMs = 6_000
let lastId = 0

/** Says briefly that something was done. */
export function tell(text: string): void {
  show({ id: ++lastId, text, kind: 'good' })
}

/** Says briefly what went wrong where there is no better place for it. */
export function tellError(error: unknown): void {
  show({ id: ++lastId, text: sentenceOf(error), kind: 'bad' })
}

function show(toast: Toast): void {
  toasts.value = [...toasts.value.slice(-3), toast]
  setTimeout(() => dismiss(toast.id), toast.kind === 'bad' ? 2 * shownForMs : shownForMs)
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}

/** Where they are shown. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`toast ${toast.kind}`}>
          <span class="grow">{toast.text}</span>
          <button
            type="button"
            class="button plain icon"
            aria-label="Dismiss"
            onClick={() => dismiss(toast.id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  )
}
