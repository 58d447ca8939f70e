import { AppError } from '../../core/app-error.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import type { IdentityReader } from '../identities/identity-reader.ts'
import { sanitisePhone, toRecipient } from '../phone-input.ts'

/** Reads whom a caller means: a LID is taken for the phone number where that is known. */
export class PersonInputs {
  readonly #identities: Pick<IdentityReader, 'otherForms'>

  constructor(deps: { readonly identities: Pick<IdentityReader, 'otherForms'> }) {
    this.#identities = deps.identities
  }

  /** The person. Raises `jid_invalid` for what is none. */
  async person(scope: AccountScope, phone: string): Promise<Jid> {
    const jid = await this.address(scope, phone)
    if (isPerson(jid)) return jid
    throw new AppError('jid_invalid', { message: `${jid} is no person` })
  }

  /** The person or group. Raises `jid_invalid` for what is neither, `recipient_not_on_whatsapp` for what cannot be a number. */
  async address(scope: AccountScope, phone: string): Promise<Jid> {
    const jid = toRecipient(phone)
    if (jid === null && isNumber(phone)) throw notRegistered(phone)
    if (jid === null || !(isPerson(jid) || jidKind(jid) === 'group'))
      throw new AppError('jid_invalid', { message: `invalid JID ${sanitisePhone(phone)}` })
    if (jidKind(jid) !== 'lid') return jid
    return (await this.#otherForm(scope, jid)) ?? jid
  }

  /** The LID of a person; null where it is not known. */
  async lidOf(scope: AccountScope, person: Jid): Promise<Jid | null> {
    return jidKind(person) === 'lid' ? person : this.#otherForm(scope, person)
  }

  async #otherForm({ deviceId }: AccountScope, jid: Jid): Promise<Jid | null> {
    return (await this.#identities.otherForms(deviceId, [jid])).get(jid) ?? null
  }
}

/** Whether a text means a phone number, right or wrong. */
export function isNumber(phone: string): boolean {
  return sanitisePhone(phone).endsWith('@s.whatsapp.net')
}

/** Says that nobody has this number. */
export function notRegistered(phone: string): AppError {
  return new AppError('recipient_not_on_whatsapp', {
    message: `Phone ${sanitisePhone(phone)} is not on whatsapp`,
  })
}

/** Whether an address is a person's. */
export function isPerson(jid: Jid): boolean {
  return jidKind(jid) === 'phone' || jidKind(jid) === 'lid'
}
