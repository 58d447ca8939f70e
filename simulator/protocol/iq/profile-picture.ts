import type { BinaryNode } from 'baileys'
import type { MediaHost } from '../../media/media-host.ts'
import type { World } from '../../state/world.ts'
import { bytes, child, el, nowSeconds } from '../stanza.ts'
import { type IqContext, IqError, type IqHandler } from './iq-handler.ts'

interface Picture {
  readonly id: string
  readonly directPath: string
  readonly jpeg: Buffer
}

/** Profile pictures of accounts and groups: served from the media host, changed by their owners and by group admins. */
export class ProfilePictures implements IqHandler {
  readonly xmlns = 'w:profile:picture'
  readonly #world: World
  readonly #media: MediaHost
  readonly #pictures = new Map<string, Picture>()
  #nextId = 1_700_000_000

  constructor(world: World, media: MediaHost) {
    this.#world = world
    this.#media = media
  }

  /** Sets or removes (`null`) the picture of an account's LID or a group; returns its id. */
  set(jid: string, jpeg: Buffer | null): string | undefined {
    const key = this.#keyOf(jid)
    if (key === undefined) return undefined
    if (jpeg === null) {
      this.#pictures.delete(key)
      this.#note(jid, undefined)
      return undefined
    }
    const id = String(this.#nextId++)
    this.#note(jid, id)
    this.#pictures.set(key, { id, jpeg, directPath: this.#media.store('profile', jpeg).directPath })
    return id
  }

  /** The id of the picture of an account or group. */
  idOf(jid: string): string | undefined {
    const key = this.#keyOf(jid)
    return key === undefined ? undefined : this.#pictures.get(key)?.id
  }

  /** The picture of an account or group itself. */
  bytesOf(jid: string): Buffer | undefined {
    return this.#pictures.get(this.#keyOf(jid) ?? '')?.jpeg
  }

  async handle(iq: BinaryNode, ctx: IqContext): Promise<BinaryNode[] | IqError | undefined> {
    const target = iq.attrs['target'] ?? ctx.account.pn
    if (this.#keyOf(target) === undefined) return new IqError(404, 'item-not-found')
    const account = this.#world.account(target)
    const isHidden = account?.privacy.get('profile') === 'none' && account !== ctx.account
    if (isHidden) return new IqError(401, 'not-authorized')
    return iq.attrs['type'] === 'set' ? this.#change(iq, ctx, target) : this.#serve(iq, target)
  }

  #serve(iq: BinaryNode, target: string): BinaryNode[] | IqError {
    const picture = this.#pictures.get(this.#keyOf(target) ?? '')
    if (picture === undefined) return new IqError(404, 'item-not-found')
    const type = child(iq, 'picture')?.attrs['type'] ?? 'preview'
    const url = `https://${this.#media.host}${picture.directPath}`
    return [el('picture', { id: picture.id, type, url, direct_path: picture.directPath })]
  }

  #change(iq: BinaryNode, ctx: IqContext, target: string): BinaryNode[] | IqError {
    const group = this.#world.group(target)
    if (group !== undefined && !group.members.has(ctx.account)) return new IqError(403, 'forbidden')
    if (group?.isLocked && !group.isAdmin(ctx.account)) return new IqError(403, 'forbidden')
    if (group === undefined && this.#world.account(target) !== ctx.account)
      return new IqError(403, 'forbidden')
    const picture = child(iq, 'picture')
    const jpeg = bytes(picture)
    if (jpeg.length > 0 && jpeg.readUInt16BE(0) !== 0xffd8) return new IqError(406, 'not-acceptable')
    const id = this.set(target, jpeg.length === 0 ? null : jpeg)
    const change = el(
      'notification',
      { from: target, type: 'picture', id: `picture-${nowSeconds()}-${id}`, t: nowSeconds() },
      [
        id === undefined
          ? el('delete', { jid: target, author: ctx.account.lid })
          : el('set', { jid: target, id, author: ctx.account.lid }),
      ],
    )
    const concerned = group === undefined ? [ctx.account] : [...group.members.keys()]
    for (const account of concerned) for (const device of account.linkedDevices) ctx.push(change, device)
    return id === undefined ? [] : [el('picture', { id })]
  }

  /** Answers the question for a community's picture, which goes to the group service. */
  communities(): IqHandler {
    return {
      xmlns: 'w:g2',
      handle: (iq) => {
        const asked = child(child(iq, 'pictures'), 'picture')
        if (asked === undefined) return Promise.resolve(undefined)
        const found = this.#serve(el('iq', {}, [asked]), asked.attrs['parent_group_jid'] ?? '')
        return Promise.resolve(found instanceof IqError ? found : [el('pictures', {}, found)])
      },
    }
  }

  /** What others learn of a person's picture besides the picture. */
  #note(jid: string, id: string | undefined): void {
    const account = this.#world.account(jid)
    if (account) account.pictureId = id
  }

  #keyOf(jid: string): string | undefined {
    return this.#world.group(jid)?.jid ?? this.#world.account(jid)?.lid
  }
}
