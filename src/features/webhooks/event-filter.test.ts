import { describe, expect, it } from 'vitest'
import type { EventKind, Json } from '../../core/event-envelope.ts'
import { type EventFilter, passes } from './event-filter.ts'

const aFilter = (overrides: Partial<EventFilter> = {}): EventFilter => ({
  kinds: new Set(),
  ignoredJids: [],
  includeOutgoing: true,
  ...overrides,
})
const anEvent = (kind: EventKind, payload: { [key: string]: Json } = {}) => ({
  kind,
  body: { event: kind, payload },
})

describe('kinds', () => {
  it('without a list, lets through what the reference has and nothing of our own', () => {
    expect(passes(aFilter(), anEvent('message'))).toBe(true)
    expect(passes(aFilter(), anEvent('message.ack'))).toBe(true)
    expect(passes(aFilter(), anEvent('message.status'))).toBe(false)
    expect(passes(aFilter(), anEvent('device.connected'))).toBe(false)
  })

  it('with a list, lets through exactly what it names', () => {
    const filter = aFilter({ kinds: new Set(['message.status', 'message']) })
    expect(passes(filter, anEvent('message.status'))).toBe(true)
    expect(passes(filter, anEvent('message'))).toBe(true)
    expect(passes(filter, anEvent('message.ack'))).toBe(false)
  })
})

describe('kinds with a star', () => {
  it.each([
    ['*', 'device.connected', true],
    ['message.*', 'message.status', true],
    ['message.*', 'message', true],
    ['message.*', 'device.connected', false],
  ] as const)('%s and %s: %s', (pattern, kind, isWanted) => {
    expect(passes(aFilter({ kinds: new Set([pattern]) }), anEvent(kind))).toBe(isWanted)
  })
})

describe('ignored JIDs', () => {
  const payload = { chat_id: '120363@g.us', from: '628111@s.whatsapp.net', from_lid: '77@lid' }

  it.each([
    '@g.us',
    '120363@g.us',
    '628111@s.whatsapp.net',
    '77@lid',
    '@lid',
    '628*@s.whatsapp.net',
    '*@lid',
    '1*3*3@g*s',
  ])('%s hides the event', (pattern) => {
    expect(passes(aFilter({ ignoredJids: [pattern] }), anEvent('message', payload))).toBe(false)
  })

  it.each(['@newsletter', '0363@g.us', '28111@s.whatsapp.net', '629*@s.whatsapp.net', '12*0363363@g.us'])(
    '%s does not',
    (pattern) => {
      expect(passes(aFilter({ ignoredJids: [pattern] }), anEvent('message', payload))).toBe(true)
    },
  )
})

it('own messages are told unless the setting says otherwise; everything else is told either way', () => {
  const own = anEvent('message', { is_from_me: true })
  expect(passes(aFilter(), own)).toBe(true)
  expect(passes(aFilter({ includeOutgoing: false }), own)).toBe(false)
  expect(passes(aFilter({ includeOutgoing: false }), anEvent('message', { is_from_me: false }))).toBe(true)
  expect(passes(aFilter({ includeOutgoing: false }), anEvent('message.ack'))).toBe(true)
})
