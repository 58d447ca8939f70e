import type { WASocket } from 'baileys'
import { AppError } from '../../core/app-error.ts'
import type { Jid } from '../jid.ts'
import { toAppError } from './baileys-errors.ts'
import { wireJid } from './incoming/wire-jid.ts'

type Lookup = Pick<WASocket, 'onWhatsApp'>

/**
 * The canonical JID WhatsApp has for a phone-number JID (it may differ, as with Brazil's ninth digit); null when the
 * number is not registered. Rejects with `whatsapp_timeout` when there is no answer, which Baileys reports as undefined.
 */
export async function findOnWhatsApp(socket: Lookup, phone: Jid): Promise<Jid | null> {
  const [first] = await registeredOf(socket, [phone])
  return first ?? null
}

/** Like `findOnWhatsApp`, for many numbers in one question; in any order, and without those that are not registered. */
export async function registeredOf(socket: Lookup, phones: readonly Jid[]): Promise<Jid[]> {
  let found: Awaited<ReturnType<WASocket['onWhatsApp']>>
  try {
    found = await socket.onWhatsApp(...phones)
  } catch (error) {
    throw toAppError(error)
  }
  if (found === undefined) throw new AppError('whatsapp_timeout')
  return found.flatMap(({ exists, jid }) => {
    const known = exists ? wireJid(jid) : null
    return known === null ? [] : [known]
  })
}
