import { copyText } from './copy-text.ts'
import { tell, tellError } from './toasts.tsx'

/** Copies a text. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  return (
    <button
      type="button"
      class="button"
      onClick={(event) => {
        copyText(text, event.currentTarget).then(() => tell('Copied.'), tellError)
      }}
    >
      {label}
    </button>
  )
}
