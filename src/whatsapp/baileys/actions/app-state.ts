import {
  type BinaryNode,
  encodeSyncdPatch,
  ensureLTHashStateVersion,
  getBinaryNodeChild,
  newLTHashState,
  proto,
  S_WHATSAPP_NET,
  type WAPatchCreate,
  type WASocket,
} from 'baileys'
import { AppError, toError } from '../../../core/app-error.ts'
import { SerialQueue } from '../../../core/serial-queue.ts'
import { refusal } from '../baileys-errors.ts'
import type { SocketAccess } from './socket-access.ts'

/** Other devices may change the same collection meanwhile; each try starts from what they made of it. */
const mostTries = 4

/**
 * Writes settings that all devices of the account share. Baileys' own `appPatch` does not look at what the server makes of
 * a patch: one that conflicts is lost, and the local version counts it as written.
 */
export class AppStateWriter {
  readonly #access: SocketAccess
  readonly #queue = new SerialQueue()

  constructor(access: SocketAccess) {
    this.#access = access
  }

  /**
   * Writes one change; resolves when WhatsApp has taken it. Rejects with `app_state_not_ready`, `app_state_conflict`, as
   * WhatsApp refuses it, and as `SocketAccess.ask` does; a change that WhatsApp took without an answer in time is told as
   * one of another device.
   */
  write(patch: WAPatchCreate): Promise<void> {
    return this.#queue.run(async () => {
      for (let tries = 1; ; tries += 1) {
        const outcome = await this.#answer(patch)
        if (outcome === 'taken') return
        if (tries === mostTries) throw new AppError('app_state_conflict')
      }
    })
  }

  async #answer(patch: WAPatchCreate): Promise<'taken' | 'conflict'> {
    const attempt = { isGivenUp: false }
    try {
      return await this.#access.ask((socket) => this.#try(socket, patch, attempt))
    } catch (error) {
      attempt.isGivenUp = true
      if (error instanceof AppError && error.code === 'whatsapp_timeout') this.#catchUp(patch.type)
      throw error
    }
  }

  /** Asks what has become of a collection. When that is not answered either, the next look at it tells. */
  #catchUp(collection: WAPatchCreate['type']): void {
    void this.#access
      .ask(async (socket) => {
        await socket.resyncAppState([collection], false)
        // rc14's buffer of events is flushed by a timer that is sometimes never set again (lib/Utils/event-buffer.js: a
        // flush that finds nothing leaves it), and what was learnt would wait for the next stanza, or half a minute.
        socket.ev.flush()
      })
      .catch((error: unknown) => toError(error))
  }

  async #try(
    socket: WASocket,
    patch: WAPatchCreate,
    attempt: { readonly isGivenUp: boolean },
  ): Promise<'taken' | 'conflict'> {
    const { creds, keys } = socket.authState
    const keyId = creds.myAppStateKeyId
    if (!keyId) throw new AppError('app_state_not_ready')
    return keys.transaction(async () => {
      await socket.resyncAppState([patch.type], false)
      // The caller has been told that nobody knows, and may have changed its mind: nothing is written behind its back.
      if (attempt.isGivenUp) throw new AppError('whatsapp_timeout')
      const { [patch.type]: kept } = await keys.get('app-state-sync-version', [patch.type])
      const before = kept ? ensureLTHashStateVersion(kept) : newLTHashState()
      const made = await encodeSyncdPatch(patch, keyId, before, async (id) => {
        const found: Readonly<Record<string, proto.Message.IAppStateSyncKeyData | undefined>> =
          await keys.get('app-state-sync-key', [id])
        return found[id]
      })
      const bytes = proto.SyncdPatch.encode(made.patch).finish()
      const answer = (await socket.query(patchIq(patch.type, before.version, bytes))) as
        | BinaryNode
        | undefined // Baileys gives its answers no type
      const outcome = readPatchAnswer(answer)
      if (outcome === 'taken') {
        // The caller has been told that nobody knows: then the change must come back as news.
        if (attempt.isGivenUp) this.#catchUp(patch.type)
        else await keys.set({ 'app-state-sync-version': { [patch.type]: made.state } })
      }
      return outcome
    }, creds.me?.id ?? 'app-state')
  }
}

function patchIq(collection: string, version: number, bytes: Uint8Array): BinaryNode {
  return {
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'w:sync:app:state' },
    content: [
      {
        tag: 'sync',
        attrs: {},
        content: [
          {
            tag: 'collection',
            attrs: { name: collection, version: String(version), return_snapshot: 'false' },
            content: [{ tag: 'patch', attrs: {}, content: bytes }],
          },
        ],
      },
    ],
  }
}

/** What the server made of a patch. Raises `whatsapp_timeout` for no answer and the named refusal for an error but 409. */
export function readPatchAnswer(answer: BinaryNode | undefined): 'taken' | 'conflict' {
  if (answer === undefined) throw new AppError('whatsapp_timeout')
  const sync: BinaryNode | undefined = getBinaryNodeChild(answer, 'sync')
  const collection: BinaryNode | undefined = getBinaryNodeChild(sync, 'collection')
  if (collection?.attrs['type'] !== 'error') return 'taken'
  const error: BinaryNode | undefined = getBinaryNodeChild(collection, 'error')
  const code = Number(error?.attrs['code'] ?? 500)
  if (code === 409) return 'conflict'
  throw refusal(code)
}
