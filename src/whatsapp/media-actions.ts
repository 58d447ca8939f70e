import type { MessageKey } from './message-actions.ts'

/** A message whose media is wanted: how it is addressed, and its protobuf. */
export interface MediaMessage {
  readonly key: MessageKey
  readonly raw: Uint8Array
  /** Which of its files, counted from 0 in the order of `DescribeMedia`; absent for the first. */
  readonly position?: number
}

export interface DownloadLimits {
  readonly maxBytes: number
  /** Ends the download; it then rejects with `media_download_failed`. */
  readonly signal?: AbortSignal
}

/** A file that was fetched, decrypted and found to be what the sender said. */
export interface DownloadedMedia {
  readonly sizeBytes: number
  /** The message's protobuf with the place where the phone has put the file again; null when it was where it should be. */
  readonly renewedRaw: Uint8Array | null
}

/** Media of messages. */
export interface MediaActions {
  /**
   * Fetches the media of a message into a new file at `path`. When no host has it any more the account's phone is asked to
   * upload it again, if it is the first file of its message. Rejects, and leaves no file, with `message_has_no_media` (the message has none), `media_too_large`,
   * `media_damaged` (not what the sender said), `media_expired` (nobody has it any more), `media_download_failed` or
   * `device_not_connected`.
   */
  download(message: MediaMessage, path: string, limits: DownloadLimits): Promise<DownloadedMedia>
}
