import { tell, tellError } from './toasts.tsx'

/** Copies a text. Pages that did not come over https or from this machine have no clipboard but the old one. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  return (
    <button
      type="button"
      class="button"
      onClick={(event) => {
        copy(text, event.currentTarget).then(() => tell('Copied.'), tellError)
      }}
    >
      {label}
    </button>
  )
}

async function copy(text: string, beside: HTMLElement): Promise<void> {
  if (isSecureContext) return navigator.clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'unseen'
  // Inside an open dialog nothing outside of it can have the focus.
  beside.after(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  beside.focus()
  if (!isCopied) throw new Error('The browser does not let this page copy; select the text instead')
}
