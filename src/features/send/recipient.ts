import { AppError } from '../../core/app-error.ts'
import { BoundedMap } from '../../core/bounded-map.ts'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import { type Jid, jidKind, statusBroadcast } from '../../whatsapp/jid.ts'
import type { MessageSender } from '../../whatsapp/whatsapp-session.ts'
import { sanitisePhone, toRecipient } from '../phone-input.ts'

/** How long WhatsApp's answer that a number is registered is good for. */
const knownForMs = 24 * 3_600_000
const maxKnown = 10_000

interface Known {
  readonly jid: Jid
  readonly until: number
}

/** Finds whom a phone input means, asking WhatsApp about numbers it was not asked about for a day. */
export class RecipientResolver {
  readonly #accountValidation: boolean
  readonly #clock: Clock
  readonly #known = new BoundedMap<string, Known>(maxKnown)

  constructor(deps: { accountValidation: boolean; clock: Clock }) {
    this.#accountValidation = deps.accountValidation
    this.#clock = deps.clock
  }

  /**
   * The address to send to; for a number it is the one that WhatsApp has for it. Rejects with `recipient_not_on_whatsapp`
   * when the number is not registered (unless account validation is off), `group_not_found` or `group_not_member` when we
   * are in no such group, `jid_invalid` when it is no address or one that nobody writes to (a broadcast list).
   */
  async resolve(
    session: Pick<MessageSender, 'findOnWhatsApp' | 'ensureMember'>,
    device: DeviceId,
    phone: string,
  ): Promise<Jid> {
    const named = sanitisePhone(phone)
    const jid = toRecipient(phone)
    const isNumber = named.includes('@s.whatsapp.net') || named.endsWith('@c.us')
    if (jid === null && isNumber) throw notRegistered(named)
    if (jid === null) throw new AppError('jid_invalid', { message: `invalid JID ${named}` })
    if (jidKind(jid) === 'broadcast' && jid !== statusBroadcast) {
      throw new AppError('jid_invalid', { message: `messages cannot be sent to the broadcast list ${jid}` })
    }
    if (jidKind(jid) === 'group') await session.ensureMember(jid)
    if (!isNumber || !this.#accountValidation) return jid
    return (await this.#find(session, device, jid)) ?? Promise.reject(notRegistered(named))
  }

  async #find(
    session: Pick<MessageSender, 'findOnWhatsApp'>,
    device: DeviceId,
    jid: Jid,
  ): Promise<Jid | null> {
    const key = `${jid} ${device}`
    const now = this.#clock.now().getTime()
    const known = this.#known.get(key)
    if (known !== undefined && known.until > now) return known.jid
    const found = await session.findOnWhatsApp(jid)
    this.#known.delete(key)
    if (found === null) return null
    this.#known.put(key, { jid: found, until: now + knownForMs })
    return found
  }
}

function notRegistered(named: string): AppError {
  return new AppError('recipient_not_on_whatsapp', { message: `Phone ${named} is not on whatsapp` })
}
