import type { DeviceId, MessageId } from '../core/ids.ts'
import type { CallActions } from './call-actions.ts'
import type { ChatActions } from './chat-actions.ts'
import type { GroupActions } from './group-actions.ts'
import type { GroupMemberActions } from './group-member-actions.ts'
import type { Jid } from './jid.ts'
import type { MediaActions } from './media-actions.ts'
import type { MediaInfo } from './message.ts'
import type { MessageActions } from './message-actions.ts'
import type { NewsletterActions } from './newsletter-actions.ts'
import type { Outgoing } from './outgoing-change.ts'
import type { PeopleActions } from './people-actions.ts'
import type { PresenceActions } from './presence-actions.ts'
import type { ProfileActions } from './profile-actions.ts'
import type { StatusActions } from './status-actions.ts'
import type { WhatsAppEvent } from './whatsapp-event.ts'

/** The WhatsApp identity that a device is linked to. `jidWithDevice` is `<phone>:<n>@s.whatsapp.net`. */
export interface Account {
  readonly jid: Jid
  readonly lid: Jid | null
  readonly jidWithDevice: string
  readonly pushName: string
}

/** Why a connection ended, in the words that decide what happens next (see sessions/reconnect-policy). */
export type CloseReason =
  /** WhatsApp asks for a new connection at once (515); never a logout. */
  | 'restart-required'
  /** Network or server trouble (408, 428, 500, 503, socket errors). */
  | 'connection-lost'
  /** No QR code was scanned in time. */
  | 'qr-expired'
  /** The same session was opened elsewhere (440). */
  | 'replaced'
  /** Unlinked from the phone, or our own logout (401). */
  | 'logged-out'
  /** Locked, banned or forbidden by WhatsApp (403, 406). */
  | 'banned'
  /** Banned for a time (402). */
  | 'temporarily-banned'
  /** The announced WhatsApp Web version is too old (405) or the client is refused (409). */
  | 'outdated'
  /** The link cannot be used any more (411, 418): it has to be made anew. */
  | 'unusable'
  /** Refused for another reason (400, 413 to 415). */
  | 'refused'
  /** The server's certificate or an account's signature did not verify. */
  | 'untrusted-server'
  /** We closed it. */
  | 'closed-by-us'

/** What a connection reports while it lives. After `closed` nothing follows. */
export type SessionChange =
  /** A QR code to scan; replaces the one before. `lifetimeMs` is how long WhatsApp honours it. */
  | { readonly type: 'qr'; readonly text: string; readonly lifetimeMs: number }
  /** The phone accepted the link; a restart follows. */
  | { readonly type: 'paired'; readonly account: Account }
  /** Authenticated and ready to send. */
  | { readonly type: 'open'; readonly account: Account }
  /** The account's own name changed. */
  | { readonly type: 'renamed'; readonly account: Account }
  | {
      readonly type: 'closed'
      readonly reason: CloseReason
      readonly statusCode: number | null
      readonly detail: string
      readonly retryAfterMs: number | null
    }

/** Whom a connection tells. */
export interface SessionListener {
  onChange(change: SessionChange): void
  /** Applies facts in their order; resolves once they are committed. A rejection means they are not, and they come again. */
  onEvents(events: readonly WhatsAppEvent[]): Promise<void>
}

/** Evidence of life; times are null until the first. */
export interface SessionHealth {
  readonly lastFrameAt: Date | null
  /** The last stanza that was more than a sign of life: a message, receipt, notification, ack or answer. */
  readonly lastStanzaAt: Date | null
  readonly lastAckAt: Date | null
  readonly decryptFailures: number
  /** Inbound stanzas journaled and not yet settled. */
  readonly unsettledStanzas: number
}

/** The life of one connection. One-shot: after `closed` open a new session. */
export interface Connection {
  /**
   * Asks WhatsApp for a pairing code for `phone` (digits only); 8 characters, no dash.
   * Rejects with `pairing_code_failed`, `device_not_connected`.
   */
  requestPairingCode(phone: string): Promise<string>
  /** Unlinks the device at WhatsApp, as far as the connection allows. Keys are not deleted (see `WhatsAppEngine.forget`). */
  logout(): Promise<void>
  /** Closes without logging out, within 5 s. In-flight sends reject. Idempotent. */
  close(): Promise<void>
  health(): SessionHealth
  /**
   * Asks WhatsApp something that it has to answer. Rejects with `whatsapp_timeout` when it does not, although the socket is
   * open; with `device_not_connected` when it is not.
   */
  probe(): Promise<void>
}

/** WhatsApp's confirmation of a send: the server accepted it at `at`. */
export interface Sent {
  readonly id: MessageId
  readonly at: Date
  /** The protobuf that was sent, for retries and quotes. */
  readonly raw: Uint8Array
}

/** How far a send has come: it waits for its turn in its chat, its turn has come, its frame has left. */
export type SendStep = 'queued' | 'turn' | 'left'

export interface SendOptions {
  /** Reserved before sending; the same id is never sent twice by us. */
  readonly id: MessageId
  /**
   * Called with the protobuf, and what it says of the file it brings along, before anything leaves; what it commits is what
   * a retry is answered from.
   * A rejection stops the send (nothing has left).
   */
  readonly beforeSend: (raw: Uint8Array, media: MediaInfo | null) => Promise<void>
  /** Whom a status is shown to; nobody gets one without it. */
  readonly audience?: readonly Jid[]
  /** Hears how far it has come, where the session can tell; from the beginning when it is sent once more. Never throws. */
  readonly onStep?: (step: SendStep) => void
}

/** Sending, and what must be known for it. */
export interface MessageSender {
  /**
   * Sends and waits for WhatsApp's ack. Rejects with `device_not_connected` when nothing left,
   * `send_outcome_unknown` (`certain: false`) when it may have, and with a named refusal (`reachout_timelocked`,
   * `recipient_devices_stale`, `whatsapp_refused`, …) when WhatsApp refused it.
   */
  sendMessage(to: Jid, content: Outgoing, options: SendOptions): Promise<Sent>
  /** The canonical JID WhatsApp has for a phone-number JID, or null when the number is not registered. Rejects with `whatsapp_timeout`. */
  findOnWhatsApp(phone: Jid): Promise<Jid | null>
  /** Makes sure that we are in a group that exists. Rejects with `group_not_found`, `group_not_member` or `whatsapp_timeout`. */
  ensureMember(group: Jid): Promise<void>
  /** As `ensureMember`, and that the group lets us write. Rejects with `group_not_admin` where only its admins may. */
  ensureMayWrite(group: Jid): Promise<void>
}

/** What a linked device can do besides sending, by what it acts on. */
export interface WhatsAppActions {
  readonly calls: CallActions
  readonly chats: ChatActions
  readonly groups: GroupActions
  readonly groupMembers: GroupMemberActions
  readonly media: MediaActions
  readonly messages: MessageActions
  readonly newsletters: NewsletterActions
  readonly people: PeopleActions
  readonly presence: PresenceActions
  readonly profile: ProfileActions
  readonly statuses: StatusActions
}

/** An authenticated session as services use it. */
export interface LinkedSession extends MessageSender, WhatsAppActions {}

export interface WhatsAppSession extends Connection, LinkedSession {}

/** Opens connections and keeps what they need between them (credentials and keys). */
export interface WhatsAppEngine {
  /** Proves that signatures are really verified; rejects when they are not. Called once before the first `open`. */
  selfCheck(): Promise<void>
  /**
   * Opens one connection for the device: with its credentials when it is linked, else as a new one that reports QR codes.
   * Resolves once the connection attempt is under way; trouble is reported as `closed`, never thrown.
   */
  open(deviceId: DeviceId, listener: SessionListener): Promise<WhatsAppSession>
  /** The account whose credentials are kept, or null when the device is not (or only half) linked. */
  account(deviceId: DeviceId): Promise<Account | null>
  /** Deletes credentials and keys, in one transaction. */
  forget(deviceId: DeviceId): Promise<void>
}

/** How services reach a device's live session. */
export interface SessionLookup {
  /** The live, authenticated session. Throws `device_not_logged_in` or `device_not_connected`. */
  for(deviceId: DeviceId): LinkedSession
}
