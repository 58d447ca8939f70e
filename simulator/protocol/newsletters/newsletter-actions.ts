import { type BinaryNode, proto } from 'baileys'
import type { MediaHost } from '../../media/media-host.ts'
import { mediaIn } from '../../media/media-messages.ts'
import type { Account } from '../../state/account.ts'
import type { Device } from '../../state/device.ts'
import { newMessageId } from '../../state/ids.ts'
import type { NewsletterPost, NewsletterState } from '../../state/newsletter-state.ts'
import type { World } from '../../state/world.ts'
import { newInviteCode } from '../../state/world.ts'
import { notification } from '../push/notifications.ts'
import type { Destination, Router } from '../push/router.ts'
import { bytes, child, children, el, nowSeconds } from '../stanza.ts'

/** What people and clients do with newsletters. Posts go to every follower's devices, in the clear as on the wire. */
export class NewsletterActions {
  readonly #world: World
  readonly #router: Router
  readonly #media: MediaHost

  constructor(world: World, router: Router, media: MediaHost) {
    this.#world = world
    this.#router = router
    this.#media = media
    router.addDestination('newsletter', {
      message: (sender, stanza, timestamp) => this.#take(sender, stanza, timestamp),
      receipt: (sender, receipt) => this.#seen(sender.account, receipt),
    })
  }

  /** Makes a newsletter; its maker owns it. */
  create(owner: Account, name: string, description = ''): NewsletterState {
    return this.#world.addNewsletter({ owner, name, description, invite: newInviteCode(), at: nowSeconds() })
  }

  /** Somebody follows; who does already, stays what they are. */
  follow(newsletter: NewsletterState, account: Account): void {
    if (!newsletter.members.has(account)) newsletter.members.set(account, 'subscriber')
    newsletter.changes.notify()
    this.#tellMember(account, 'NotificationNewsletterJoin', newsletter)
  }

  /** Somebody stops following. The owner cannot. */
  unfollow(newsletter: NewsletterState, account: Account): void {
    if (newsletter.members.get(account) === 'owner') return
    newsletter.members.delete(account)
    newsletter.muted.delete(account)
    newsletter.changes.notify()
    this.#tellMember(account, 'NotificationNewsletterLeave', newsletter)
  }

  /** Posts as somebody who may; their client devices hear of it too. */
  post(newsletter: NewsletterState, author: Account, message: proto.IMessage): NewsletterPost {
    this.#ensureMayPost(newsletter, author)
    const media = mediaIn(message)
    const post = newsletter.add({
      id: newMessageId(),
      author,
      type: media ? 'media' : 'text',
      mediaType: media?.type,
      postedAt: nowSeconds(),
      message,
    })
    this.#push(newsletter, post)
    return post
  }

  /** Changes a post as somebody who may; its followers are told. */
  edit(newsletter: NewsletterState, post: NewsletterPost, by: Account, message: proto.IMessage): void {
    this.#ensureMayPost(newsletter, by)
    post.message = message
    newsletter.changes.notify()
    this.#pushEdit(newsletter, post, Date.now())
  }

  /** Takes a post away as somebody who may; its followers are told. */
  revoke(newsletter: NewsletterState, post: NewsletterPost, by: Account): void {
    this.#ensureMayPost(newsletter, by)
    newsletter.remove(post)
    this.#pushRevoke(newsletter, post)
  }

  /** Reacts to a post, or takes the reaction back with an empty emoji. */
  react(newsletter: NewsletterState, post: NewsletterPost, account: Account, emoji: string): void {
    if (emoji === '') post.reactions.delete(account)
    else post.reactions.set(account, emoji)
    newsletter.changes.notify()
  }

  /** Somebody has seen a post. */
  view(newsletter: NewsletterState, post: NewsletterPost, account: Account): void {
    post.viewers.add(account)
    newsletter.changes.notify()
  }

  #take(sender: Device, stanza: BinaryNode, timestamp: number): ReturnType<Destination['message']> {
    const newsletter = this.#world.newsletter(stanza.attrs['to'])
    if (!newsletter || newsletter.state === 'DELETED') return { error: 404 }
    if (stanza.attrs['type'] === 'reaction') return this.#takeReaction(newsletter, sender.account, stanza)
    if (!newsletter.mayPost(sender.account)) return { error: 403 }
    const plaintext = child(stanza, 'plaintext')
    // Posts are not encrypted: a stanza with anything else was meant for another kind of chat.
    if (!plaintext || child(stanza, 'enc') || child(stanza, 'participants')) return { error: 479 }
    const message = read(plaintext)
    const { edit } = stanza.attrs
    if (!message && edit !== '8') return { error: 400 }
    if (edit !== undefined || !message) return this.#takeChange(newsletter, sender, stanza, message ?? {})
    // A file is named by the handle its upload was answered with; it lies on the host in the clear.
    const media = mediaIn(message)
    if (media && !this.#media.gaveHandle(stanza.attrs['media_id'])) return { error: 479 }
    if (media && media.content.mediaKey?.length) return { error: 479 }
    const post = newsletter.add({
      id: stanza.attrs['id'] ?? newMessageId(),
      author: sender.account,
      type: stanza.attrs['type'] ?? 'text',
      mediaType: plaintext.attrs['mediatype'],
      postedAt: timestamp,
      message,
    })
    return {
      attributes: { server_id: post.serverId },
      deliver: () => this.#push(newsletter, post, sender),
    }
  }

  #takeReaction(
    newsletter: NewsletterState,
    account: Account,
    stanza: BinaryNode,
  ): ReturnType<Destination['message']> {
    const post = newsletter.post(Number(stanza.attrs['server_id']))
    if (!post) return { error: 404 }
    if (newsletter.reactionCodes === 'NONE') return { error: 403 }
    this.react(newsletter, post, account, child(stanza, 'reaction')?.attrs['code'] ?? '')
    return { attributes: { server_id: post.serverId }, deliver: () => undefined }
  }

  #seen(account: Account, receipt: BinaryNode): void {
    const newsletter = this.#world.newsletter(receipt.attrs['to'])
    if (!newsletter || receipt.attrs['type'] !== 'view') return
    for (const { attrs } of children(child(receipt, 'list'))) {
      const post = newsletter.post(Number(attrs['server_id']))
      if (post) this.view(newsletter, post, account)
    }
  }

  /** An edit (3) brings the new message, a revoke (8) takes the post away; both under the post's own id. */
  #takeChange(
    newsletter: NewsletterState,
    sender: Device,
    stanza: BinaryNode,
    message: proto.IMessage,
  ): ReturnType<Destination['message']> {
    const { id, edit } = stanza.attrs
    const post = newsletter.posts.find((each) => each.id === id)
    if (!post) return { error: 404 }
    const attributes = { server_id: post.serverId }
    if (edit === '8') {
      newsletter.remove(post)
      return { attributes, deliver: () => this.#pushRevoke(newsletter, post, sender) }
    }
    if (edit !== '3') return { error: 479 }
    post.message = message.protocolMessage?.editedMessage ?? message
    newsletter.changes.notify()
    return { attributes, deliver: () => this.#pushEdit(newsletter, post, Date.now(), sender) }
  }

  #ensureMayPost(newsletter: NewsletterState, account: Account): void {
    if (!newsletter.mayPost(account)) throw new Error(`${account.pushName} may not post to ${newsletter.jid}`)
  }

  #push(newsletter: NewsletterState, post: NewsletterPost, except?: Device): void {
    const { id, type, serverId: server_id, postedAt: t } = post
    const stanza = el('message', { id, from: newsletter.jid, type, server_id, t }, [plaintextOf(post)])
    this.#toMembers(newsletter, stanza, except)
  }

  /** An edited post comes as it is now, at the time of the edit; `meta` has both times, the edit's in milliseconds. */
  #pushEdit(newsletter: NewsletterState, post: NewsletterPost, editedAtMs: number, except?: Device): void {
    const { id, type, serverId: server_id } = post
    const attrs = { id, from: newsletter.jid, type, server_id, t: Math.floor(editedAtMs / 1000), edit: 3 }
    const meta = el('meta', { msg_edit_t: editedAtMs, original_msg_t: post.postedAt })
    this.#toMembers(newsletter, el('message', attrs, [plaintextOf(post), meta]), except)
  }

  /** Of a post that was taken away nothing is left but its id. */
  #pushRevoke(newsletter: NewsletterState, post: NewsletterPost, except?: Device): void {
    const { id, type, serverId: server_id } = post
    const attrs = { id, from: newsletter.jid, type, server_id, t: nowSeconds(), edit: 8 }
    const meta = el('meta', { original_msg_t: post.postedAt })
    this.#toMembers(newsletter, el('message', attrs, [el('plaintext'), meta]), except)
  }

  #toMembers(newsletter: NewsletterState, stanza: BinaryNode, except?: Device): void {
    for (const account of newsletter.members.keys()) {
      for (const device of account.devices.values()) {
        if (device !== except) this.#router.deliver(device, stanza)
      }
    }
  }

  #tellMember(account: Account, operation: string, newsletter: NewsletterState): void {
    const update = { operation, updates: [{ jid: newsletter.jid }] }
    const content = [el('mex', {}, Buffer.from(JSON.stringify(update)))]
    for (const device of account.linkedDevices) {
      this.#router.deliver(device, notification('mex', {}, content))
    }
  }
}

function read(plaintext: BinaryNode): proto.IMessage | undefined {
  try {
    const message = proto.Message.decode(bytes(plaintext))
    return Object.keys(message.toJSON()).length === 0 ? undefined : message
  } catch {
    // Bytes that are no message are refused by the caller.
    return undefined
  }
}

function plaintextOf({ mediaType, message }: NewsletterPost): BinaryNode {
  return el('plaintext', { mediatype: mediaType }, proto.Message.encode(message).finish())
}
