import { AppError } from '../../core/app-error.ts'
import type { GuardedFetcher } from '../../fetch/guarded-fetcher.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
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
  /** Fetches pictures from where WhatsApp keeps them. */
  readonly fetcher: Pick<GuardedFetcher, 'get'>
}

/** More than any picture of WhatsApp's has. */
const maxPictureBytes = 5_000_000
const pictureTimeoutMs = 20_000
const jpegStart = Buffer.from('ffd8ff', 'hex')

/** What is known of a person, with the name that is shown here ('' when nobody knows one). */
export interface KnownPerson extends PersonInfo {
  /** By phone number where that is known. */
  readonly jid: Jid
  readonly lid: Jid | null
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
    const lid = await this.#deps.inputs.lidOf(scope, jid)
    return { ...info, jid, lid, name: name ?? info.verifiedName }
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

  /** The picture itself, a JPEG, from WhatsApp's host. Raises as `picture` does, and `media_download_failed`. */
  async pictureFile(
    scope: AccountScope,
    phone: string,
    options: { isPreview: boolean; isCommunity: boolean; signal: AbortSignal },
  ): Promise<Buffer> {
    const { url } = await this.picture(scope, phone, options)
    const file = await this.#deps.fetcher
      .get(url, {
        limitBytes: maxPictureBytes,
        timeoutMs: pictureTimeoutMs,
        accept: 'image/*',
        signal: options.signal,
      })
      .then(({ body }) => toBuffer(body))
      .catch(notFetched)
    if (!file.subarray(0, jpegStart.length).equals(jpegStart)) return notFetched()
    return file
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

async function toBuffer(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts)
}

/** The caller named no URL; that WhatsApp's cannot be fetched is told in the words for WhatsApp's files. */
function notFetched(cause?: unknown): never {
  if (cause instanceof AppError && cause.code === 'request_aborted') throw cause
  throw new AppError('media_download_failed', { cause })
}
