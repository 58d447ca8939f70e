import type { Jid } from '../whatsapp/jid.ts'

/** Takes a JID out of a column that only JIDs are written to. */
export function fromStoredJid(text: string): Jid {
  return text as Jid // it had the brand when it was written
}
