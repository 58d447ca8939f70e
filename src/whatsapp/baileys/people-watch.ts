import { type BaileysEventMap, type BinaryNode, jidDecode, type WASocket } from 'baileys'
import { toError } from '../../core/app-error.ts'
import type { Logger } from '../../core/logger.ts'
import type { DeviceCaches } from './shared-caches.ts'

export interface PeopleWatchDeps {
  readonly caches: Pick<DeviceCaches, 'groups' | 'userDevices'>
  readonly lidMapping: Pick<WASocket['signalRepository']['lidMapping'], 'getLIDForPN' | 'getPNForLID'>
  readonly logger: Logger
}

/** Hears that a group or somebody's devices changed, and forgets what was known of them: it is asked anew before a send. */
export class PeopleWatch {
  readonly #deps: PeopleWatchDeps

  constructor(deps: PeopleWatchDeps) {
    this.#deps = deps
  }

  /**
   * Takes a stanza that is about to be handled, and so acknowledged. When that has to wait, the answer says for what: once
   * a device's end is acknowledged nobody may encrypt for it.
   */
  takeStanza(node: BinaryNode): Promise<void> | undefined {
    const { type, from } = node.attrs
    if (node.tag !== 'notification' || !from) return undefined
    if (type === 'w:gp2') this.#deps.caches.groups.invalidate(from)
    return type === 'devices' ? this.#forgetDevicesOf(from) : undefined
  }

  /** Takes a batch of Baileys' events. */
  takeBatch(batch: Partial<BaileysEventMap>): void {
    const { groups } = this.#deps.caches
    for (const group of batch['groups.update'] ?? []) if (group.id) groups.invalidate(group.id)
    const participants = batch['group-participants.update']
    if (participants) groups.invalidate(participants.id)
  }

  /** Devices are remembered by the user part of either address; Baileys forgets only the one that was named. */
  async #forgetDevicesOf(jid: string): Promise<void> {
    const { caches, lidMapping, logger } = this.#deps
    try {
      await caches.userDevices.del(jidDecode(jid)?.user ?? '')
      const other = await (jid.endsWith('@lid') ? lidMapping.getPNForLID(jid) : lidMapping.getLIDForPN(jid))
      if (other !== null) await caches.userDevices.del(jidDecode(other)?.user ?? '')
    } catch (error) {
      // They expire by themselves in five minutes.
      logger.warn({ reason: toError(error).message }, "somebody's devices could not be forgotten")
    }
  }
}
