/**
 * Copies a text; `beside` is what was clicked. Pages that did not come over https or from this machine have no clipboard but the
 * old one. Rejects with a sentence for people when the browser does not let it.
 */
export async function copyText(text: string, beside: HTMLElement): Promise<void> {
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
