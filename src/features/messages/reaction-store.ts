import { asMessageId, type MessageId } from '../../core/ids.ts'
import { toTextColumn } from '../../db/column-values.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import { fromStoredJid } from '../stored-jid.ts'

/** One person's reaction to a message; `emoji` is never empty when read. */
export interface StoredReaction {
  readonly messageId: MessageId
  readonly sender: Jid
  readonly emoji: string
  readonly at: Date
}

/** Rows of `reactions`: the last of each person to each message; one taken back stays as ''. */
export class ReactionStore {
  /** Keeps a reaction unless a later one of the same person is known. */
  async save(tx: Tx, scope: AccountScope, chatId: string, reaction: StoredReaction): Promise<void> {
    const emoji = toTextColumn(reaction.emoji)
    await tx
      .insertInto('reactions')
      .values({
        device_id: scope.deviceId,
        account: scope.account,
        chat_id: chatId,
        message_id: reaction.messageId,
        sender: reaction.sender,
        emoji,
        at: reaction.at.getTime(),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['device_id', 'account', 'chat_id', 'message_id', 'sender'])
          .doUpdateSet({ emoji, at: reaction.at.getTime() })
          .where('reactions.at', '<=', reaction.at.getTime()),
      )
      .execute()
  }

  /** The reactions to some messages of a chat, oldest first; those taken back are left out. */
  async list(
    db: Db,
    scope: AccountScope,
    chatId: string,
    messageIds: readonly MessageId[],
  ): Promise<StoredReaction[]> {
    if (messageIds.length === 0) return []
    const rows = await db
      .selectFrom('reactions')
      .selectAll()
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('message_id', 'in', messageIds)
      .where('emoji', '<>', '')
      .orderBy('at')
      .orderBy('sender')
      .execute()
    return rows.map((row) => ({
      messageId: asMessageId(row.message_id),
      sender: fromStoredJid(row.sender),
      emoji: row.emoji,
      at: new Date(row.at),
    }))
  }
}
