import { expect, it } from 'vitest'
import { type EventGap, followEvents } from './follow-events.ts'

it('tells of events that are gone, and gives those that are there', async () => {
  const gap = { after: '12', deleted_to: '340' }
  const event = { cursor: '341', id: '01J', seq: 9, created_at: '', event: 'message', body: {} }
  const text = `id: 12\n\nevent: gap\ndata: ${JSON.stringify(gap)}\n\nid: 341\nevent: message\ndata: ${JSON.stringify(event)}\n\n`
  const gaps: EventGap[] = []
  const events = followEvents(async () => new Response(text), {
    after: '12',
    onGap: (each) => gaps.push(each),
  })
  expect((await events.next()).value).toEqual(event)
  expect(gaps).toEqual([gap])
  await events.return()
})
