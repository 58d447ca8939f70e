import type { MessageId } from '../../core/ids.ts'
import type { MediaKind } from '../../whatsapp/message.ts'
import type { AccountScope } from '../account-scope.ts'
import type { MediaRef } from '../media/media-store.ts'

/** Content of the media store under the names that its message gives it. */
export interface LinkedMedia {
  readonly ref: MediaRef
  readonly mimeType: string
  readonly fileName: string
}

/** A file of a message, in the media store. */
export interface DownloadedFile extends LinkedMedia {
  readonly kind: MediaKind
  readonly caption: string
  readonly sizeBytes: number
  /** See `MediaInfo`. */
  readonly isOfInteractive?: true
}

/** A file of a message that is to be fetched by itself, and the event that waits for it. */
export interface WantedDownload {
  readonly scope: AccountScope
  readonly messageId: MessageId
  /** Which of the message's files, counted from 0. */
  readonly position: number
  readonly lane: string
  readonly eventKey: string
  /** Tries so far that met trouble. */
  readonly attempts: number
  readonly createdAt: Date
}
