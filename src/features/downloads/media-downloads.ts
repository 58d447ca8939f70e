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
import type { MediaStore } from '../media/media-store.ts'
import { mediaFileName } from '../messages/media-file-name.ts'
import type { MessageLog } from '../messages/message-log.ts'
import type { MessageReader } from '../messages/message-reader.ts'
import type { StoredMessage } from '../messages/stored-message.ts'
import type { DownloadedFile } from './download.ts'
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
   * The media of a message, from the store when it is there. Rejects with `message_has_no_media`, `device_not_logged_in`,
   * `device_not_connected`, `media_quota_exceeded`, or as `MediaActions.download`.
   */
  async fetch(scope: AccountScope, message: StoredMessage): Promise<DownloadedFile> {
    const raw = message.isRevoked ? null : await this.#deps.messages.rawOf(scope, message)
    const media = raw === null ? null : this.#deps.describe(raw)
    if (raw === null || media === null) {
      throw new AppError('message_has_no_media', {
        message: `message ${message.id} does not contain downloadable media`,
      })
    }
    const stored = await this.#stored(scope, message, media)
    if (stored !== null) return stored
    const name = JSON.stringify([scope.deviceId, scope.account, message.chatId, message.id])
    const running =
      this.#running.get(name) ??
      this.#download(scope, message, raw, media).finally(() => this.#running.delete(name))
    this.#running.set(name, running)
    return running
  }

  async #stored(
    scope: AccountScope,
    message: StoredMessage,
    media: MediaDescription,
  ): Promise<DownloadedFile | null> {
    const { rows, db, store } = this.#deps
    const ref = await rows.refOf(db, scope, message.id)
    // Two chats can have a message of the same id: the file is this one's only when its hash is.
    if (ref === null || !ref.startsWith(media.sha256) || media.sha256 === '') return null
    const found = await store.stat(ref)
    return found === null ? null : toFile(media, message, { ref, sizeBytes: found.sizeBytes })
  }

  async #download(
    scope: AccountScope,
    message: StoredMessage,
    raw: Uint8Array,
    media: MediaDescription,
  ): Promise<DownloadedFile> {
    const { sessions, folder, store, limitBytes, inTransaction, log, rows, clock } = this.#deps
    const session = sessions.for(scope.deviceId)
    const path = await folder.newPath()
    const { id, wireChat: chat, wireSender: sender, isFromMe } = message
    const wanted = { key: { id, chat, sender, isFromMe }, raw }
    const { renewedRaw } = await session.media.download(wanted, path, { maxBytes: limitBytes })
    const content = await FileParts.open(path)
    try {
      const kept = await store.put(content, { mimeType: media.mimeType, limitBytes })
      await inTransaction(async (tx) => {
        if (renewedRaw !== null) await log.applyMediaMoved(tx, scope, message, renewedRaw)
        await rows.keep(tx, scope, id, kept.ref, clock.now())
      })
      return toFile(media, message, kept)
    } finally {
      await content.close()
      await rm(path, { force: true })
    }
  }
}

function toFile(
  media: MediaDescription,
  message: StoredMessage,
  kept: Pick<DownloadedFile, 'ref' | 'sizeBytes'>,
): DownloadedFile {
  return {
    ref: kept.ref,
    sizeBytes: kept.sizeBytes,
    kind: media.kind,
    mimeType: media.mimeType,
    caption: media.caption,
    ...(media.isOfInteractive && { isOfInteractive: true }),
    fileName: mediaFileName(media, message.sentAt),
  }
}
