import { rm } from 'node:fs/promises'
import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Db } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { FileParts } from '../../files/file-parts.ts'
import type { TempFolder } from '../../files/temp-folder.ts'
import type { DescribeMedia, MediaDescription } from '../../whatsapp/message.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import { type MediaRef, type MediaStore, sha256Of } from '../media/media-store.ts'
import { mediaFileName } from '../messages/media-file-name.ts'
import type { MessageLog } from '../messages/message-log.ts'
import type { MessageReader } from '../messages/message-reader.ts'
import type { StoredMessage } from '../messages/stored-message.ts'
import type { DownloadedFile, LinkedMedia } from './download.ts'
import type { DownloadStore } from './download-store.ts'

/** What fetching media is made of. */
export interface MediaDownloadsDeps {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly clock: Clock
  readonly sessions: SessionLookup
  readonly messages: Pick<MessageReader, 'rawOf'>
  readonly log: Pick<MessageLog, 'applyMediaMoved'>
  readonly rows: DownloadStore
  readonly store: MediaStore
  readonly folder: TempFolder
  readonly describe: DescribeMedia
  readonly limitBytes: number
}

/** Brings the media of messages from WhatsApp into the media store, each once, however many ask for it. */
export class MediaDownloads {
  readonly #deps: MediaDownloadsDeps
  readonly #running = new Map<string, Promise<DownloadedFile>>()

  constructor(deps: MediaDownloadsDeps) {
    this.#deps = deps
  }

  /**
   * A file of a message, from the store when it is there: the first, or the one at `position`, counted from 0. Rejects with
   * `message_has_no_media`, `device_not_logged_in`, `device_not_connected`, `media_quota_exceeded`, or as
   * `MediaActions.download`.
   */
  async fetch(scope: AccountScope, message: StoredMessage, position = 0): Promise<DownloadedFile> {
    const { raw, files } = await this.#describe(scope, message)
    const media = files[position]
    if (media === undefined) {
      throw new AppError('message_has_no_media', {
        message: `message ${message.id} does not contain downloadable media`,
      })
    }
    const stored = await this.#stored(scope, message, media, position)
    if (stored !== null) return stored
    const name = JSON.stringify([scope.deviceId, scope.account, message.chatId, message.id, position])
    const running =
      this.#running.get(name) ??
      this.#download(scope, message, { raw, media, position }).finally(() => this.#running.delete(name))
    this.#running.set(name, running)
    return running
  }

  /** Tells which files of a message are in the store, in its order, by the places that were noted for its positions. */
  async keptBy(
    scope: AccountScope,
    message: StoredMessage,
  ): Promise<(refs: ReadonlyMap<number, MediaRef>) => LinkedMedia[]> {
    const { files } = await this.#describe(scope, message)
    return (refs) =>
      files.flatMap((media, position) => {
        const ref = refs.get(position)
        return ref !== undefined && (media.sha256 === '' || isOf(media, ref))
          ? [toLinked(media, message, ref)]
          : []
      })
  }

  async #describe(scope: AccountScope, message: StoredMessage) {
    const raw = message.isRevoked ? null : await this.#deps.messages.rawOf(scope, message)
    return raw === null ? { raw: new Uint8Array(), files: [] } : { raw, files: this.#deps.describe(raw) }
  }

  async #stored(
    scope: AccountScope,
    message: StoredMessage,
    media: MediaDescription,
    position: number,
  ): Promise<DownloadedFile | null> {
    const { rows, db, store } = this.#deps
    const refs = await rows.refsOf(db, { scope, messageId: message.id })
    const ref = refs.get(position)
    if (ref === undefined || !isOf(media, ref)) return null
    const found = await store.stat(ref)
    return found === null ? null : toFile(media, message, { ref, sizeBytes: found.sizeBytes })
  }

  async #download(
    scope: AccountScope,
    message: StoredMessage,
    { raw, media, position }: { raw: Uint8Array; media: MediaDescription; position: number },
  ): Promise<DownloadedFile> {
    const { sessions, folder, store, limitBytes, inTransaction, log, rows, clock } = this.#deps
    const session = sessions.for(scope.deviceId)
    const path = await folder.newPath()
    const { id, wireChat: chat, wireSender: sender, isFromMe } = message
    const wanted = { key: { id, chat, sender, isFromMe }, raw, position }
    const { renewedRaw } = await session.media.download(wanted, path, { maxBytes: limitBytes })
    const content = await FileParts.open(path)
    try {
      const kept = await store.put(content, { mimeType: media.mimeType, limitBytes })
      await inTransaction(async (tx) => {
        if (renewedRaw !== null) await log.applyMediaMoved(tx, scope, message, renewedRaw)
        await rows.keep(tx, { scope, messageId: id, position }, kept.ref, clock.now())
      })
      return toFile(media, message, kept)
    } finally {
      await content.close()
      await rm(path, { force: true })
    }
  }
}

/** Two chats can have a message of the same id: a file is this one's only when its hash is. */
function isOf({ sha256 }: MediaDescription, ref: MediaRef): boolean {
  return sha256 === sha256Of(ref)
}

function toLinked(media: MediaDescription, message: StoredMessage, ref: MediaRef): LinkedMedia {
  return { ref, mimeType: media.mimeType, fileName: mediaFileName(media, message.sentAt) }
}

function toFile(
  media: MediaDescription,
  message: StoredMessage,
  { ref, sizeBytes }: Pick<DownloadedFile, 'ref' | 'sizeBytes'>,
): DownloadedFile {
  return {
    ...toLinked(media, message, ref),
    sizeBytes,
    kind: media.kind,
    caption: media.caption,
    ...(media.isOfInteractive && { isOfInteractive: true }),
  }
}
