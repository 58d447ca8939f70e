import type { ReuploadBehaviour } from '../media/media-retry.ts'
import type { ReceivedMessage } from './received-message.ts'

/** What a person does without being told. */
export interface Behaviour {
  /** Sends delivery receipts. Default true. */
  delivers: boolean
  /** Reads what arrives: sends a read receipt from the phone. Default false. */
  reads: boolean
  /** Is connected; otherwise everything waits on the server until `goOnline`. Default true. */
  online: boolean
  /**
   * Decrypts what arrives. Default true. With false the devices only confirm delivery, which is what a load
   * test wants of the members of a large group; nothing reaches the inbox then.
   */
  decrypts: boolean
  /** How the person's own 1:1 messages name their sender. Default `pn`. */
  addressing: 'pn' | 'lid'
  /** What the phone does when a client asks for media that the hosts have thrown away. Default `uploads`. */
  reuploads: ReuploadBehaviour
  /** Text to answer with; undefined for no answer. */
  replies?: (message: ReceivedMessage) => string | undefined
  /** Emoji to react with to every message. */
  reactsWith?: string
  /** Edits its automatic reply to this text right after sending it. */
  editsReply?: string
}

/** How a person behaves unless told otherwise. */
export const DEFAULT_BEHAVIOUR: Behaviour = {
  delivers: true,
  reads: false,
  online: true,
  decrypts: true,
  addressing: 'pn',
  reuploads: 'uploads',
}
