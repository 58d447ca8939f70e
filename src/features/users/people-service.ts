import { AppError } from '../../core/app-error.ts'
import { jidKind } from '../../whatsapp/jid.ts'
import type { BusinessProfile, PersonInfo, Picture } from '../../whatsapp/people-actions.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import { phoneSentence, toRecipient } from '../phone-input.ts'
import type { ContactReader } from './contact-reader.ts'
import type { NumberChecks } from './number-checks.ts'
import { isNumber, notRegistered, type PersonInputs } from './person-inputs.ts'

export interface PeopleServiceDeps {
  readonly sessions: SessionLookup
  readonly inputs: PersonInputs
  readonly contacts: Pick<ContactReader, 'names'>
  readonly checks: NumberChecks
}

/** What is known of a person, with the name that is shown here ('' when nobody knows one). */
export interface KnownPerson extends PersonInfo {
  readonly jid: string
  readonly name: string
}

/** Answers questions about others. */
export class PeopleService {
  readonly #deps: PeopleServiceDeps

  constructor(deps: PeopleServiceDeps) {
    this.#deps = deps
  }

  /** What WhatsApp tells of a person. Raises `recipient_not_on_whatsapp`. */
  async info(scope: AccountScope, phone: string): Promise<KnownPerson> {
    const { people } = this.#deps.sessions.for(scope.deviceId)
    const jid = await this.#deps.inputs.person(scope, phone)
    const info = await people.info(jid)
    if (info === null) throw notRegistered(phone)
    const name = (await this.#deps.contacts.names(scope, [jid])).get(jid)
    return { ...info, jid, name: name ?? info.verifiedName }
  }

  /** The picture of a person, group or community. Raises `picture_not_found` or `picture_hidden`. */
  async picture(
    scope: AccountScope,
    phone: string,
    options: { isPreview: boolean; isCommunity: boolean },
  ): Promise<Picture> {
    const { people } = this.#deps.sessions.for(scope.deviceId)
    return people.picture(await this.#deps.inputs.address(scope, phone), options)
  }

  /** Whether a person has an account; what can be nobody's number has none, what is no person's address is refused. */
  async isOnWhatsApp(scope: AccountScope, phone: string): Promise<boolean> {
    const session = this.#deps.sessions.for(scope.deviceId)
    if (isNumber(phone) && (toRecipient(phone) === null || phoneSentence(phone) !== null)) return false
    const jid = await this.#deps.inputs.person(scope, phone)
    return this.#deps.checks.check(scope.deviceId, jid, async () =>
      jidKind(jid) === 'lid'
        ? (await session.people.info(jid)) !== null
        : (await session.findOnWhatsApp(jid)) !== null,
    )
  }

  /** What a business tells of itself. Raises `business_not_found`. */
  async business(scope: AccountScope, phone: string): Promise<BusinessProfile> {
    const { people } = this.#deps.sessions.for(scope.deviceId)
    const profile = await people.business(await this.#deps.inputs.person(scope, phone))
    if (profile === null) throw new AppError('business_not_found')
    return profile
  }
}
