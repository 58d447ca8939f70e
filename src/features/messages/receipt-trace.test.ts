import { expect, test } from 'vitest'
import type { MessageId } from '../../core/ids.ts'
import type { Tracing } from '../../core/tracing.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { anId, aReceipt, type HistoryFixture, openHistory, scope } from '../../inbox/history-fixture.ts'
import { openTestTracing } from '../../tracing/test-tracing.ts'

describeEachDialect('receipts of traced sends', (open) => {
  /** Reserves messages, and sends them each in a trace of its own; resolves to the sends' spans. */
  async function send(
    history: HistoryFixture,
    tracing: Tracing,
    ids: readonly MessageId[],
  ): Promise<string[]> {
    const sends: string[] = []
    for (const id of ids) {
      await history.reserve(id)
      const span = tracing.begin({ name: 'send', parent: null })
      await history.database.inTransaction((tx) =>
        tracing.within(span, () => history.messageLog.storeRaw(tx, scope, id, new Uint8Array([1]))),
      )
      span.end()
      sends.push(span.traceparent)
    }
    return sends
  }

  /** Kind, id of the message where there is one, and trace of each event from the `first`th on. */
  async function tracesOf({ database }: HistoryFixture, first: number) {
    const rows = await database.db.selectFrom('events').selectAll().orderBy('seq').execute()
    return rows.slice(first).map(({ kind, body, traceparent }) => {
      const { payload } = JSON.parse(body) as { payload: { id?: string } } // message events all have one
      return [kind, payload.id, traceparent]
    })
  }

  test('go on with the trace of each message that they are about', async () => {
    const { tracing, ended } = openTestTracing()
    const history = await openHistory(await open(), tracing)
    const ids = ['A', 'B'].map(anId)
    const sends = await send(history, tracing, ids)
    const before = (await tracesOf(history, 0)).length
    await history.reserve(anId('UNTRACED'))
    await history.apply(aReceipt({ messageIds: [...ids, anId('UNTRACED')] }))

    const receipts = ended().filter(({ name }) => name === 'receipt')
    expect(receipts.map(({ parent }) => parent).toSorted()).toEqual(
      sends.map((traceparent) => traceparent.split('-')[2]).toSorted(),
    )
    const ofSend = (traceparent = '') =>
      receipts.find(({ parent }) => parent === traceparent.split('-')[2])?.traceparent
    const [, ...told] = await tracesOf(history, before)
    expect(told).toEqual(
      expect.arrayContaining([
        ['message.status', ids[0], ofSend(sends[0])],
        ['message.status', ids[1], ofSend(sends[1])],
        ['message.status', anId('UNTRACED'), null],
      ]),
    )
    const ack = told.find(([kind]) => kind === 'message.ack')
    expect(receipts.map(({ traceparent }) => traceparent)).toContain(ack?.[2])
  })

  test('and what is given up after a day go on with it as well', async () => {
    const { tracing } = openTestTracing()
    const history = await openHistory(await open(), tracing)
    const [sent] = await send(history, tracing, [anId('MINE')])
    const later = new Date(history.clock.now().getTime() + 1)
    await history.database.inTransaction((tx) => history.messageLog.expirePending(tx, later))
    expect((await tracesOf(history, 0)).at(-1)).toEqual(['message.status', anId('MINE'), sent])
  })
})
