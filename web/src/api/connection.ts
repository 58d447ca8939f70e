// Owns: which gateway the page works with and as whom. Both are forgotten with the tab.
import { computed, signal } from '@preact/signals'

/** A gateway and how to be let in. @sensitive */
export interface Connection {
  /** Where the API is; ends with a slash. */
  readonly base: string
  /** The value of `Authorization`, or null for a gateway that asks for none. */
  readonly credential: string | null
}

const baseKey = 'gatewa.base'
const credentialKey = 'gatewa.credential'

/** The gateway that served this page. */
export const ownBase = new URL('.', document.baseURI.replace(/[?#].*$/, '')).href

/** The connection in use; change it with `connect`. */
export const connection = signal<Connection>({
  base: sessionStorage.getItem(baseKey) ?? ownBase,
  credential: sessionStorage.getItem(credentialKey),
})

/** Whether another gateway than the page's own is in use. */
export const isRemote = computed(() => connection.value.base !== ownBase)

/** Goes on with another gateway or other credentials, and remembers them for this tab. */
export function connect(next: Connection): void {
  if (next.base === ownBase) sessionStorage.removeItem(baseKey)
  else sessionStorage.setItem(baseKey, next.base)
  if (next.credential === null) sessionStorage.removeItem(credentialKey)
  else sessionStorage.setItem(credentialKey, next.credential)
  connection.value = next
}

/** `Basic base64(user:password)` over UTF-8, as the gateway reads it. */
export function toBasic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`)
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`
}

/** `Bearer <key>`; null when what was typed cannot be a key. */
export function toBearer(typed: string): string | null {
  const key = typed.trim()
  return /^[\x21-\x7e]+$/.test(key) ? `Bearer ${key}` : null
}

/** Turns what somebody typed into an API base; null when it is no http(s) address. */
export function toBase(typed: string): string | null {
  const text = /^https?:\/\//i.test(typed.trim()) ? typed.trim() : `http://${typed.trim()}`
  if (!URL.canParse(text)) return null
  const { origin, pathname } = new URL(text)
  return `${origin}${pathname.replace(/\/*$/, '/')}`
}
