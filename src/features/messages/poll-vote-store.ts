import type { MessageId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import { fromStoredJid } from '../stored-jid.ts'

/** What somebody chose in a poll; empty when they took their vote back. */
export interface PollVote {
  readonly voter: Jid
  readonly options: readonly string[]
  readonly at: Date
}

/** Rows of `poll_votes`: the last vote of everybody. */
export class PollVoteStore {
  /** Keeps a vote in place of the voter's earlier one; a later one that is there stays. */
  async save(tx: Tx, scope: AccountScope, chatId: string, pollId: MessageId, vote: PollVote): Promise<void> {
    const chosen = { options: JSON.stringify(vote.options), at: vote.at.getTime() }
    await tx
      .insertInto('poll_votes')
      .values({
        device_id: scope.deviceId,
        account: scope.account,
        chat_id: chatId,
        poll_id: pollId,
        voter: vote.voter,
        ...chosen,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['device_id', 'account', 'chat_id', 'poll_id', 'voter'])
          .doUpdateSet(chosen)
          .where('poll_votes.at', '<=', chosen.at),
      )
      .execute()
  }

  /** Everybody's last vote, oldest first. */
  async list(db: Db, scope: AccountScope, chatId: string, pollId: MessageId): Promise<PollVote[]> {
    const rows = await db
      .selectFrom('poll_votes')
      .selectAll()
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('chat_id', '=', chatId)
      .where('poll_id', '=', pollId)
      .orderBy('at')
      .orderBy('voter')
      .execute()
    return rows.map((row) => ({
      voter: fromStoredJid(row.voter),
      options: JSON.parse(row.options) as string[], // written by `save` from such a list
      at: new Date(row.at),
    }))
  }
}
