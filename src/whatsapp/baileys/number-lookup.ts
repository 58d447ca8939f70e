import type { WASocket } from 'baileys'
import { AppError } from '../../core/app-error.ts'
import type { Jid } from '../jid.ts'
import { toAppError } from './baileys-errors.ts'
import { wireJid } from './incoming/wire-jid.ts'

/**
 * The canonical JID WhatsApp has for a phone-number JID (it may differ, as with Brazil's ninth digit); null when the
 * number is not registered. Rejects with `whatsapp_timeout` when there is no answer, which Baileys reports as undefined.
 */
export async function findOnWhatsApp(socket: Pick<WASocket, 'onWhatsApp'>, phone: Jid): Promise<Jid | null> {
  let found: Awaited<ReturnType<WASocket['onWhatsApp']>>
  try {
    found = await socket.onWhatsApp(phone)
  } catch (error) {
    throw toAppError(error)
  }
  if (found === undefined) throw new AppError('whatsapp_timeout')
  const [first] = found
  return first?.exists ? wireJid(first.jid) : null
}
