import { expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import { aMessage, ana, anasLid, group } from '../inbox/history-fixture.ts'
import { AutoReply } from './auto-reply.ts'

const rule = { text: 'We are closed', intervalMs: 0 }

it('answers every typed text of a person, known by number or by LID alone', () => {
  const reply = new AutoReply(rule, new ManualClock())
  expect(reply.answerTo('main', aMessage({ text: 'one' }))).toBe('We are closed')
  expect(reply.answerTo('main', aMessage({ text: 'two' }))).toBe('We are closed')
  expect(reply.answerTo('main', aMessage({ chat: anasLid, sender: anasLid }))).toBe('We are closed')
})

it('answers neither ourselves, nor groups, nor what was not typed', () => {
  const reply = new AutoReply(rule, new ManualClock())
  expect(reply.answerTo('main', aMessage({ isFromMe: true }))).toBeNull()
  expect(reply.answerTo('main', aMessage({ chat: group }))).toBeNull()
  expect(reply.answerTo('main', aMessage({ text: '' }))).toBeNull()
  expect(reply.answerTo('main', aMessage({ text: 'a caption', contentType: 'imageMessage' }))).toBeNull()
})

it('answers a chat once in an interval where one is set', () => {
  const clock = new ManualClock()
  const reply = new AutoReply({ ...rule, intervalMs: 3_600_000 }, clock)
  const ask = (text: string, device = 'main') => reply.answerTo(device, aMessage({ text })) !== null
  expect([ask('one'), ask('two'), ask('two', 'other')]).toEqual([true, false, true])
  clock.advance(3_600_000)
  expect(ask('three')).toBe(true)
})

it('does not go round with another machine: the same words again, our own words, or no end of them', () => {
  const clock = new ManualClock()
  const reply = new AutoReply(rule, clock)
  const ask = (text: string) => reply.answerTo('main', aMessage({ chat: ana, text })) !== null
  expect([ask('I am away'), ask('I am away'), ask('We are closed')]).toEqual([true, false, false])
  clock.advance(61_000)
  expect(ask('I am away')).toBe(true)
  const answers = Array.from({ length: 100 }, (_, index) => ask(`It is ${index} o'clock`)).filter(Boolean)
  expect(answers).toHaveLength(28)
})
