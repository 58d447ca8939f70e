import type { MessageId } from '../../core/ids.ts'
import type { MediaKind } from '../../whatsapp/message.ts'
import type { AccountScope } from '../account-scope.ts'
import type { MediaRef } from '../media/media-store.ts'

/** Media of a message, in the media store. */
export interface DownloadedFile {
  readonly ref: MediaRef
  readonly kind: MediaKind
  readonly mimeType: string
  readonly fileName: string
  readonly caption: string
  readonly sizeBytes: number
  /** See `MediaInfo`. */
  readonly isOfInteractive?: true
}

/** Media of a message that is to be fetched by itself, and the event that waits for it. */
export interface WantedDownload {
  readonly scope: AccountScope
  readonly messageId: MessageId
  readonly lane: string
  readonly eventKey: string
  /** Tries so far that met trouble. */
  readonly attempts: number
  readonly createdAt: Date
}
