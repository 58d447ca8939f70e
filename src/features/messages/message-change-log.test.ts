import { expect, test } from 'vitest'
import { describeEachDialect } from '../../db/test-database.ts'
import {
  aMessage,
  ana,
  anId,
  at,
  ben,
  group,
  type HistoryFixture,
  openHistory,
  received,
  scope,
} from '../../inbox/history-fixture.ts'
import type { WhatsAppMessage } from '../../whatsapp/message.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'

const target = anId('FROMANA')

function reacted(emoji: string, seconds: number, by: Partial<WhatsAppMessage> = {}): WhatsAppEvent {
  const message = aMessage({ id: anId(`REACTION${seconds}`), sentAt: at(seconds), text: '', ...by })
  return { type: 'message.reacted', message, emoji, chat: ana, targetId: target, targetIsFromMe: false }
}

function edited(text: string, seconds: number, by: Partial<WhatsAppMessage> = {}): WhatsAppEvent {
  const message = aMessage({ id: anId(`EDIT${seconds}`), sentAt: at(seconds), text, ...by })
  return { type: 'message.edited', message, text, chat: ana, targetId: target, targetIsFromMe: false }
}

function revoked(seconds: number, by: Partial<WhatsAppMessage> = {}): WhatsAppEvent {
  const message = aMessage({ id: anId(`REVOKE${seconds}`), sentAt: at(seconds), text: '', ...by })
  return {
    type: 'message.revoked',
    message,
    chat: ana,
    targetId: target,
    targetIsFromMe: false,
    writtenKey: { isFromMe: true, chat: ana },
  }
}

async function reactions(history: HistoryFixture): Promise<string[]> {
  const chat = await history.chats.get(scope, ana)
  if (chat === null) return []
  const found = await history.messages.reactions(scope, chat, [target])
  return found.map((reaction) => `${reaction.emoji} ${reaction.sender}`)
}

describeEachDialect('what is done to messages', (open) => {
  test('the last reaction of each person stays, and an empty one takes it back', async () => {
    const history = await openHistory(await open())
    await history.apply(received(), reacted('👍', 10), reacted('❤️', 12), reacted('👍', 10))
    expect(await reactions(history)).toEqual([`❤️ ${ana}`])
    await history.apply(reacted('🎉', 11), reacted('👏', 13, { isFromMe: true, sender: scope.account }))
    expect(await reactions(history)).toEqual([`❤️ ${ana}`, `👏 ${scope.account}`])
    await history.apply(reacted('', 14))
    expect(await reactions(history)).toEqual([`👏 ${scope.account}`])
    const events = (await history.events()).filter((event) => event.kind === 'message.reaction')
    expect(events.map((event) => event.payload['reaction'])).toEqual(['👍', '❤️', '🎉', '👏', ''])
  })

  test('an edit changes the text, the latest wins, and each is announced once', async () => {
    const history = await openHistory(await open())
    await history.apply(received(), edited('second', 10), edited('third', 12), edited('late', 11))
    await history.apply(edited('second', 10), received())
    expect(await history.messages.get(scope, target)).toMatchObject({ content: 'third', editedAt: at(12) })
    expect((await history.events()).map((event) => event.kind)).toEqual([
      'message',
      'message.edited',
      'message.edited',
      'message.edited',
    ])
  })

  test('an edit by somebody else is ignored', async () => {
    const history = await openHistory(await open())
    await history.apply(
      received({ chat: group }),
      edited('forged', 10, { chat: group, sender: ben }),
      edited('forged', 11, { chat: group, sender: scope.account, isFromMe: true }),
    )
    expect(await history.messages.get(scope, target)).toMatchObject({ content: 'Hello', editedAt: null })
    expect(await history.events()).toHaveLength(1)
  })

  test('a revoke marks the message and keeps its content', async () => {
    const history = await openHistory(await open())
    await history.apply(received(), revoked(10), revoked(10))
    expect(await history.messages.get(scope, target)).toMatchObject({ content: 'Hello', isRevoked: true })
    expect(await history.events()).toMatchObject([
      { kind: 'message' },
      { kind: 'message.revoked', payload: { revoked_message_id: target, chat_id: ana } },
    ])
  })

  test('a revoke of our message by the other side of a chat is ignored', async () => {
    const history = await openHistory(await open())
    await history.reserve(target)
    await history.apply(revoked(10))
    expect(await history.messages.get(scope, target)).toMatchObject({ isRevoked: false })
    expect(await history.events()).toEqual([])
  })

  test('what is done to a message that is not stored is announced', async () => {
    const history = await openHistory(await open())
    await history.apply(revoked(10), edited('x', 11), reacted('👍', 12))
    expect((await history.events()).map((event) => event.kind)).toEqual([
      'message.revoked',
      'message.edited',
      'message.reaction',
    ])
  })
})
