import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Icon } from './icons.tsx'
import { Problem } from './parts.tsx'

const fields = '.body input, .body select, .body textarea'

/**
 * A modal dialog, open while it is rendered. Its first field can be written into at once; the browser keeps the focus in it and
 * gives it back.
 */
export function Dialog({
  title,
  onClose,
  children,
}: {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    element?.showModal()
    element?.querySelector<HTMLElement>(fields)?.focus()
    return () => {
      element?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="button plain icon" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="body">{children}</div>
    </dialog>
  )
}

/** Asks before something that cannot be taken back, and does it. */
export function Confirm({
  title,
  action,
  isDanger = false,
  run,
  onClose,
  children,
}: {
  readonly title: string
  /** What the button says. */
  readonly action: string
  readonly isDanger?: boolean
  readonly run: () => Promise<void>
  readonly onClose: () => void
  readonly children: ComponentChildren
}) {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const act = () => {
    setBusy(true)
    setError(null)
    run().then(onClose, (thrown: unknown) => {
      setBusy(false)
      setError(thrown)
    })
  }
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {error !== null && <Problem error={error} />}
      <footer>
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          class={isDanger ? 'button danger' : 'button main'}
          disabled={isBusy}
          onClick={act}
        >
          {action}
        </button>
      </footer>
    </Dialog>
  )
}
