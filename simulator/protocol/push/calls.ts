import { randomBytes } from 'node:crypto'
import type { BinaryNode } from 'baileys'
import type { Account } from '../../state/account.ts'
import { Changes } from '../../state/changes.ts'
import { newStanzaId } from '../../state/ids.ts'
import type { LinkedDevice } from '../../state/linked-device.ts'
import type { World } from '../../state/world.ts'
import { children, el, nowSeconds } from '../stanza.ts'
import type { Router } from './router.ts'

/** One call as the caller sees it. */
export interface Call {
  id: string
  from: Account
  to: Account
  video: boolean
  state: 'ringing' | 'rejected' | 'accepted' | 'ended' | 'missed'
}

/** Calls that ring, and what their callees did. */
export class CallBoard {
  readonly changes = new Changes()
  readonly #world: World
  readonly #router: Router
  readonly #calls = new Map<string, Call>()

  constructor(world: World, router: Router) {
    this.#world = world
    this.#router = router
  }

  /** Lets a call ring at the callee's linked devices. */
  offer(from: Account, to: Account, video = false): Call {
    const call: Call = {
      id: randomBytes(16).toString('hex').toUpperCase(),
      from,
      to,
      video,
      state: 'ringing',
    }
    this.#calls.set(call.id, call)
    this.#send(
      call,
      el('offer', this.#names(call), [el(video ? 'video' : 'audio', { enc: 'opus', rate: 8000 })]),
    )
    return call
  }

  /** The caller hangs up; `timeout` says that nobody answered. */
  terminate(call: Call, reason?: 'timeout'): void {
    call.state = reason === 'timeout' ? 'missed' : 'ended'
    this.#send(call, el('terminate', { ...this.#names(call), reason }))
    this.changes.notify()
  }

  /** A linked device answered, rejected, or asked for a link; returns the ack the client waits for. */
  fromClient(_device: LinkedDevice, stanza: BinaryNode): BinaryNode {
    const { id, to } = stanza.attrs
    const [what] = children(stanza)
    const ack = el('ack', { class: 'call', id, from: to, type: what?.tag })
    if (what?.tag === 'link_create') {
      const token = randomBytes(12).toString('base64url')
      return { ...ack, content: [el('link_create', { token, media: what.attrs['media'] })] }
    }
    const call = this.#calls.get(what?.attrs['call-id'] ?? '')
    if (call && what?.tag === 'reject') call.state = 'rejected'
    if (call && what?.tag === 'accept') call.state = 'accepted'
    this.changes.notify()
    return ack
  }

  #names({ id, from }: Call): Record<string, string> {
    return { 'call-id': id, 'call-creator': from.lid, caller_pn: from.pn }
  }

  #send(call: Call, what: BinaryNode): void {
    const account = this.#world.account(call.to.pn)
    for (const device of account?.linkedDevices ?? []) {
      this.#router.deliver(
        device,
        el('call', { id: newStanzaId(), from: call.from.lid, t: nowSeconds() }, [what]),
      )
    }
  }
}
