// Owns: how what is done to messages and chats fits together. The gateway and its tests build it here alike.
import type { Clock } from '../../core/clock.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { ChatLog } from '../chats/chat-log.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import { ChatSettingService } from '../chats/chat-setting-service.ts'
import type { LabelLog } from '../chats/label-log.ts'
import type { LabelReader } from '../chats/label-reader.ts'
import type { KeptChanges } from '../kept-changes.ts'
import { MessageChangeService } from './message-change-service.ts'
import type { MessageReader } from './message-reader.ts'
import type { MessageRemovalLog } from './message-removal-log.ts'
import { MessageTargets } from './message-targets.ts'
import type { ReadLog } from './read-log.ts'

export interface ChangesDeps {
  readonly sessions: SessionLookup
  readonly recipients: ConstructorParameters<typeof MessageTargets>[0]['recipients']
  readonly messages: MessageReader
  readonly chats: ChatReader
  readonly chatLog: ChatLog
  readonly removals: MessageRemovalLog
  readonly reads: ReadLog
  readonly labels: LabelReader
  readonly labelLog: LabelLog
  readonly sentChanges: KeptChanges
  readonly inTransaction: InTransaction
  readonly clock: Clock
}

/** Builds what changes messages and sets up chats. */
export function createMessageChanges(deps: ChangesDeps): {
  readonly changes: MessageChangeService
  readonly settings: ChatSettingService
} {
  return {
    changes: new MessageChangeService({ ...deps, targets: new MessageTargets(deps) }),
    settings: new ChatSettingService(deps),
  }
}
