import type { WASocket } from 'baileys'
import { type BaileysEventMap, decryptMediaRetryData, encryptMediaRetryRequest, proto } from 'baileys'
import { AppError, toError } from '../../../core/app-error.ts'
import type { Clock } from '../../../core/clock.ts'
import { jidKind } from '../../jid.ts'
import type { MediaMessage } from '../../media-actions.ts'
import type { SocketAccess } from '../actions/socket-access.ts'
import { readBoom } from '../baileys-errors.ts'
import { within } from '../time-limit.ts'

/** How long the phone may take to upload a file again. */
const phoneLimitMs = 30_000

type MediaUpdate = BaileysEventMap['messages.media-update'][number]

/** Asks the account's phone to upload again what the media hosts have thrown away. */
export class MediaRetry {
  readonly #access: SocketAccess
  readonly #clock: Clock

  constructor(deps: { readonly access: SocketAccess; readonly clock: Clock }) {
    this.#access = deps.access
    this.#clock = deps.clock
  }

  /** Where the file is now. Rejects with `media_expired` when the phone has it no more or does not answer in time. */
  ask({ key }: MediaMessage, mediaKey: Uint8Array): Promise<string> {
    return this.#access.during(async () => {
      const socket = this.#access.socket
      const me = socket.user?.id ?? ''
      const participant = jidKind(key.chat) === 'group' || jidKind(key.chat) === 'broadcast'
      const node = encryptMediaRetryRequest(
        {
          id: key.id,
          remoteJid: key.chat,
          fromMe: key.isFromMe,
          ...(participant ? { participant: key.sender } : {}),
        },
        mediaKey,
        me,
      )
      const answer = new MediaUpdateWait(socket, key.id)
      try {
        await socket.sendNode(node)
        const late = expired('the phone did not answer')
        return readUpdate(await within(this.#clock, phoneLimitMs, answer.update, late), mediaKey)
      } finally {
        answer.end()
      }
    })
  }
}

/** Waits for what the phone says of one message's media. */
class MediaUpdateWait {
  readonly update: Promise<MediaUpdate>
  readonly end: () => void

  constructor(socket: Pick<WASocket, 'ev'>, id: string) {
    let listener: (updates: MediaUpdate[]) => void = () => undefined
    this.update = new Promise((resolve) => {
      listener = (updates) => {
        const found = updates.find((update) => update.key.id === id)
        if (found !== undefined) resolve(found)
      }
    })
    socket.ev.on('messages.media-update', listener)
    this.end = () => socket.ev.off('messages.media-update', listener)
  }
}

function readUpdate(update: MediaUpdate, mediaKey: Uint8Array): string {
  if (update.error !== undefined || update.media === undefined) {
    const { statusCode } = readBoom(update.error)
    throw expired(`the phone answered ${statusCode ?? 'nothing'}`, update.error)
  }
  try {
    const result = decryptMediaRetryData(update.media, mediaKey, update.key.id ?? '')
    const { SUCCESS } = proto.MediaRetryNotification.ResultType
    if (result.result !== SUCCESS || !result.directPath) {
      throw expired(`the phone answered ${result.result ?? 'nothing'}`)
    }
    return result.directPath
  } catch (error) {
    if (error instanceof AppError) throw error
    throw expired('the answer of the phone could not be read', error)
  }
}

function expired(why: string, cause?: unknown): AppError {
  return new AppError('media_expired', {
    message: `failed to download media: WhatsApp no longer has the file, and ${why}`,
    ...(cause === undefined ? {} : { cause: toError(cause) }),
  })
}
