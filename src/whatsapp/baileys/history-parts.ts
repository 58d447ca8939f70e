import type { BaileysEventMap, BinaryNode } from 'baileys'
import { downloadContentFromMessage, proto, type WAMessage, type WASocket } from 'baileys'
import { toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import { SerialQueue } from '../../core/serial-queue.ts'
import { readBoom } from './baileys-errors.ts'
import { toDate, unwrap } from './incoming/content.ts'
import { messageTurn } from './message-turn.ts'
import type { Network } from './network.ts'

type HistoryPart = proto.Message.IHistorySyncNotification

export interface HistoryPartsDeps {
  readonly socket: { readonly ev: Pick<WASocket['ev'], 'flush'> } & Pick<WASocket, 'upsertMessage'>
  /** Gets the bytes of a part from the media host. */
  readonly download: (part: HistoryPart) => Promise<Uint8Array>
  readonly isAlive: () => boolean
  readonly clock: Clock
  readonly logger: Logger
}

/** Times between attempts to get a part; the last one repeats. */
const retryDelaysMs = [30_000, 120_000, 600_000]

/** A part that the phone shared longer ago is not tried again: hosts keep it about as long, and we what was decrypted of it. */
const longestTryMs = 7 * 24 * 60 * 60 * 1000

/** What hosts answer of a file that they had, and have no more. */
const goneStatuses: ReadonlySet<number> = new Set([404, 410])

/**
 * Fetches the parts of the history that lie on the media host, one at a time beside everything else: no message waits for them.
 * Baileys would try once, within the turn of all messages, and drop a part that cannot be had. The stanza that announced
 * one stays in the journal until it is here, so that the next connection tries what this one did not get.
 */
export class HistoryParts {
  readonly #deps: HistoryPartsDeps
  readonly #line = new SerialQueue()
  /** By the id of the message that announced it: resolves when the part is here, or lost. */
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(deps: HistoryPartsDeps) {
    this.#deps = deps
  }

  /** Takes a batch of Baileys' events, for the parts that are announced in it. */
  takeBatch(batch: Partial<BaileysEventMap>): void {
    for (const message of batch['messages.upsert']?.messages ?? []) {
      const { id, fromMe } = message.key
      const part = partIn(message)
      if (!id || fromMe !== true || part === null || !liesOnHost(part) || !isWantedHistory(part)) continue
      if (this.#underWay.has(id)) continue
      const done = new Promise<void>((resolve) => {
        this.#begin({ message, part, attempts: 0, resolve })
      })
      this.#underWay.set(
        id,
        done.finally(() => this.#underWay.delete(id)),
      )
    }
  }

  /** What the stanza announced, while it is not here; a connection that ends leaves it so for ever. */
  announcedBy(node: BinaryNode): Promise<void> | undefined {
    return node.tag === 'message' ? this.#underWay.get(node.attrs.id ?? '') : undefined
  }

  #begin(announced: Announced): void {
    void this.#line.run(() => this.#fetch(announced))
  }

  async #fetch(announced: Announced): Promise<void> {
    const { isAlive, clock, logger, download } = this.#deps
    if (!isAlive()) return
    try {
      const bytes = await download(announced.part)
      if (!isAlive()) return
      await this.#handOver(announced.message, { ...announced.part, initialHistBootstrapInlinePayload: bytes })
      // What the connection told as it ended may not have been heard.
      if (isAlive()) announced.resolve()
    } catch (error) {
      if (!isAlive()) return
      const reason = toError(error).message
      if (this.#isLost(announced, error)) {
        logger.warn({ reason }, 'a part of the history is lost: only the phone can share it again')
        announced.resolve()
        return
      }
      logger.warn({ reason }, 'a part of the history could not be fetched yet')
      const delayMs = retryDelaysMs[Math.min(announced.attempts++, retryDelaysMs.length - 1)] ?? 0
      clock.after(delayMs, () => this.#begin(announced))
    }
  }

  /** Has Baileys handle the message once more, as one that brings its part along. */
  async #handOver(message: WAMessage, part: HistoryPart): Promise<void> {
    const { socket } = this.#deps
    const protocolMessage = { ...contentOf(message).protocolMessage, historySyncNotification: part }
    const { key, messageTimestamp } = message
    const complete = { key, messageTimestamp: messageTimestamp ?? null, message: { protocolMessage } }
    await messageTurn.run(true, () => socket.upsertMessage(complete, 'append'))
    // Told now, so that whoever waits for the commit of what came up waits for this as well.
    socket.ev.flush()
  }

  #isLost({ message }: Announced, error: unknown): boolean {
    const { statusCode } = readBoom(error)
    if (statusCode !== null && goneStatuses.has(statusCode)) return true
    return this.#deps.clock.now().getTime() - toDate(message.messageTimestamp).getTime() > longestTryMs
  }
}

interface Announced {
  readonly message: WAMessage
  readonly part: HistoryPart
  readonly resolve: () => void
  attempts: number
}

const wantedTypes: ReadonlySet<number> = new Set([
  proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP,
  proto.HistorySync.HistorySyncType.PUSH_NAME,
  proto.HistorySync.HistorySyncType.RECENT,
  proto.HistorySync.HistorySyncType.ON_DEMAND,
])

/** Whether parts of a history of this kind are stored. */
export function isWantedHistory({ syncType }: HistoryPart): boolean {
  return typeof syncType === 'number' && wantedTypes.has(syncType)
}

/** Whether a part is to be fetched; a small one comes along. */
export function liesOnHost(part: HistoryPart): boolean {
  return !part.initialHistBootstrapInlinePayload && Boolean(part.directPath)
}

/** Gets parts from the media host through `network`. */
export function historyDownload(network: Network): HistoryPartsDeps['download'] {
  return async ({ mediaKey = null, directPath = null }) => {
    // Baileys hands this on to fetch, whose Node form knows `dispatcher`; the web's type does not.
    const options = { dispatcher: network.downloads } as unknown as RequestInit
    const stream = await downloadContentFromMessage({ mediaKey, directPath }, 'md-msg-hist', { options })
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk as Buffer) // a Transform without encoding yields Buffers
    return Buffer.concat(chunks)
  }
}

function contentOf(message: WAMessage): proto.IMessage {
  return unwrap(message.message ?? {}).content
}

function partIn(message: WAMessage): HistoryPart | null {
  return contentOf(message).protocolMessage?.historySyncNotification ?? null
}
