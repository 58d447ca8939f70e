import type { BinaryNode } from 'baileys'
import { AppError } from '../../../core/app-error.ts'
import { type Jid, jidKind } from '../../jid.ts'
import type { BusinessProfile, PeopleActions, PersonInfo, Picture } from '../../people-actions.ts'
import { isRefusedWith } from './group-queries.ts'
import {
  businessQuery,
  communityPictureQuery,
  parseBusiness,
  parsePerson,
  parsePicture,
  personQuery,
  pictureQuery,
} from './people-nodes.ts'
import { privacyTokens } from './privacy-tokens.ts'
import type { SocketAccess } from './socket-access.ts'

/** What an answer without a picture is told as. */
const without: ReadonlySet<string> = new Set(['picture_not_found', 'picture_hidden'])

/** Questions about others, in WhatsApp's own stanzas: Baileys' calls throw on a part that is refused, or leave parts out. */
export class BaileysPeople implements PeopleActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  async info(person: Jid): Promise<PersonInfo | null> {
    const id = await this.#access.ask((socket) => Promise.resolve(socket.generateMessageTag()))
    return parsePerson(await askWhatsApp(this.#access, personQuery(person, id)))
  }

  async picture(
    of: Jid,
    { isPreview, isCommunity }: { isPreview: boolean; isCommunity: boolean },
  ): Promise<Picture> {
    // Only groups can be communities; the question about anybody else is the plain one.
    if (!isCommunity || jidKind(of) !== 'group') return this.#pictureIn(this.#askPicture(of, isPreview))
    try {
      return await this.#pictureIn(askWhatsApp(this.#access, communityPictureQuery(of, isPreview)))
    } catch (error) {
      // Callers say that any group is one: a plain group is asked about as such.
      if (!(error instanceof AppError && without.has(error.code)) && !isRefusedWith(error, 400, 406))
        throw error
      return this.#pictureIn(this.#askPicture(of, isPreview))
    }
  }

  async business(person: Jid): Promise<BusinessProfile | null> {
    return parseBusiness(await askWhatsApp(this.#access, businessQuery(person)))
  }

  async #pictureIn(answer: Promise<BinaryNode>): Promise<Picture> {
    try {
      const picture = parsePicture(await answer)
      if (!('status' in picture)) return picture
      throw new AppError(picture.status === 401 ? 'picture_hidden' : 'picture_not_found')
    } catch (error) {
      if (isRefusedWith(error, 404)) throw new AppError('picture_not_found', { cause: error })
      if (isRefusedWith(error, 401, 403)) throw new AppError('picture_hidden', { cause: error })
      throw error
    }
  }

  async #askPicture(of: Jid, isPreview: boolean): Promise<BinaryNode> {
    const isPerson = jidKind(of) === 'phone' || jidKind(of) === 'lid'
    const tokens = isPerson
      ? await this.#access.ask((socket) => privacyTokens(socket, [of]))
      : new Map<Jid, Uint8Array>()
    return askWhatsApp(this.#access, pictureQuery(of, isPreview, tokens.get(of)))
  }
}

/** Asks a question; rejects with `whatsapp_timeout`, or WhatsApp's bare refusal. */
export function askWhatsApp(access: SocketAccess, question: BinaryNode): Promise<BinaryNode> {
  return access.ask(async (socket) => {
    // Baileys does not type its answers, and resolves with nothing when its own time limit has passed.
    const answer = (await socket.query(question)) as BinaryNode | undefined
    if (answer === undefined) throw new AppError('whatsapp_timeout')
    return answer
  })
}
