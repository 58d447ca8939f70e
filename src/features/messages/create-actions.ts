import type { Clock } from '../../core/clock.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { History } from '../../inbox/create-history.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import { ChatActionService } from '../chats/chat-action-service.ts'
import { MessageActionService } from './message-action-service.ts'
import { MessageTargets } from './message-target.ts'

/** Builds what acts on chats and messages that are there already. */
export function createActions(deps: {
  readonly history: History
  readonly sessions: SessionLookup
  readonly inTransaction: InTransaction
  readonly clock: Clock
}): { readonly messages: MessageActionService; readonly chats: ChatActionService } {
  const { history, ...base } = deps
  const { chats, messages, changes, sentChanges: sent, inbox } = history
  const targets = new MessageTargets({ chats, messages })
  return {
    messages: new MessageActionService({ ...base, targets, messages, changes, sent }),
    chats: new ChatActionService({ ...base, chats, messages, sent, inbox }),
  }
}
