import type { NewEvent } from '../../core/event-envelope.ts'
import type { MessageId } from '../../core/ids.ts'
import { dedupeKey, lidMember, type MutableBody, topLevel } from '../event-body.ts'
import type { MessageEventFacts } from './message-events.ts'
import type { PollVote } from './poll-vote-store.ts'

/** What the body of a `poll.vote` is made of, beside the vote's message. */
export interface PollVoteFacts {
  readonly pollId: MessageId
  /** The poll's options in their order. */
  readonly options: readonly string[]
  readonly chosen: readonly string[]
  /** Everybody's last vote, this one included. */
  readonly votes: readonly PollVote[]
}

/** Somebody voted in a poll, changed their vote or took it back; with the count so far. */
export function toPollVoteEvent(facts: MessageEventFacts, vote: PollVoteFacts): NewEvent {
  const kind = 'poll.vote'
  const { scope, message, chat, sender } = facts
  const payload: MutableBody = {
    id: message.id,
    chat_id: chat.jid,
    ...lidMember('chat_lid', message.chat, chat.lid),
    from: sender.jid,
    ...lidMember('from_lid', message.sender, sender.lid),
    sender_display_name: sender.displayName,
    is_from_me: message.isFromMe,
    poll_id: vote.pollId,
    options: [...vote.chosen],
    tally: vote.options.map((option) => {
      const voters = vote.votes.filter(({ options }) => options.includes(option)).map(({ voter }) => voter)
      return { option, votes: voters.length, voters }
    }),
    total_voters: vote.votes.filter(({ options }) => options.length > 0).length,
  }
  return {
    kind,
    lane: chat.id,
    dedupeKey: dedupeKey(kind, scope.account, message.chat, message.id),
    body: { ...topLevel(kind, scope, message.sentAt), payload },
  }
}
