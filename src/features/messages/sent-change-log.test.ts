import { expect, test } from 'vitest'
import type { MessageId } from '../../core/ids.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import {
  ana,
  anId,
  aReceipt,
  at,
  type HistoryFixture,
  openHistory,
  scope,
} from '../../inbox/history-fixture.ts'

const mine = anId('MINE')
const second = anId('EDIT2')
const third = anId('EDIT3')

/** An edit of ours is about to leave. */
function keep(history: HistoryFixture, id: MessageId, text: string): Promise<void> {
  const effect = { kind: 'edit', chat: ana, target: mine, text } as const
  return history.database.inTransaction((tx) =>
    history.sentChanges.keep(tx, scope, id, new Uint8Array([7]), effect),
  )
}

const accepted = (id: MessageId, seconds: number) =>
  ({ type: 'message.accepted', chat: ana, id, at: at(seconds) }) as const

const textOf = async (history: HistoryFixture) => (await history.messages.get(scope, mine))?.content

describeEachDialect('edits of ours', (open) => {
  test('of one second are in their order, whichever sign of WhatsApp having them comes first', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    history.clock.advance(900)
    await keep(history, second, 'two')
    await history.apply(aReceipt({ messageIds: [second] }))
    expect(await textOf(history)).toBe('two')
    await keep(history, third, 'three')
    await history.apply(accepted(third, 0))
    expect(await textOf(history)).toBe('three')
  })

  test('have WhatsApp’s time, whatever our clock says, also when somebody waits for the ack', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    history.clock.advance(60_000)
    await keep(history, second, 'two')
    await history.apply(accepted(second, 1), aReceipt({ messageIds: [second] }))
    await keep(history, third, 'three')
    await history.apply(accepted(third, 2))
    expect(await history.messages.get(scope, mine)).toMatchObject({ content: 'three', editedAt: at(2) })
  })

  test('whose ack comes after that of a later one change nothing', async () => {
    const history = await openHistory(await open())
    await history.reserve()
    await keep(history, second, 'two')
    await keep(history, third, 'three')
    await history.apply(accepted(third, 2), accepted(second, 1))
    expect(await textOf(history)).toBe('three')
  })
})
