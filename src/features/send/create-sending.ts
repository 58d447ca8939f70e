// Owns: how the parts of sending fit together. The gateway and its tests build them here alike.
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { TempFolder } from '../../files/temp-folder.ts'
import type { ReadForward } from '../../whatsapp/outgoing-message.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import type { MessageLog } from '../messages/message-log.ts'
import type { MessageReader } from '../messages/message-reader.ts'
import type { ContactReader } from '../users/contact-reader.ts'
import { Forwards } from './forwards.ts'
import { Idempotency } from './idempotency.ts'
import { IdempotencyStore } from './idempotency-store.ts'
import type { LinkPreviewSource } from './link-composer.ts'
import { PresenceService } from './presence-service.ts'
import { RecipientResolver } from './recipient.ts'
import { SendService } from './send-service.ts'
import { StatusAudience } from './status-audience.ts'

/** What sending needs of the others. */
export interface SendingDeps {
  readonly sessions: SessionLookup
  readonly devices: Pick<DeviceReader, 'scopeOf'>
  readonly messageLog: MessageLog
  readonly messages: MessageReader
  readonly chats: ChatReader
  readonly contacts: ContactReader
  readonly inTransaction: InTransaction
  readonly clock: Clock
  readonly logger: Logger
  readonly previews: LinkPreviewSource
  /** For files that live as long as one send. */
  readonly folder: Pick<TempFolder, 'newPath'>
  readonly readForward: ReadForward
  /** Whether numbers are looked up at WhatsApp before something is sent to them. */
  readonly accountValidation: boolean
}

/** Sending, ready for its routes. */
export interface Sending {
  readonly sends: SendService
  readonly forwards: Forwards
  readonly presence: PresenceService
  readonly recipients: RecipientResolver
  readonly idempotency: Idempotency
  readonly previews: LinkPreviewSource
  readonly devices: Pick<DeviceReader, 'scopeOf'>
}

/** Builds sending. */
export function createSending(deps: SendingDeps): Sending {
  const { sessions, inTransaction, clock } = deps
  const recipients = new RecipientResolver(deps)
  return {
    sends: new SendService({
      ...deps,
      recipients,
      log: deps.messageLog,
      statusAudience: new StatusAudience(deps),
    }),
    forwards: new Forwards(deps),
    presence: new PresenceService({ sessions, recipients }),
    recipients,
    idempotency: new Idempotency({ store: new IdempotencyStore(), inTransaction, clock }),
    previews: deps.previews,
    devices: deps.devices,
  }
}
