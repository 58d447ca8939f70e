import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { el } from '../stanza.ts'
import { type IqContext, IqError, type IqHandler } from './iq-handler.ts'
import { IqRegistry } from './iq-registry.ts'

const iq = el('iq', { id: '7', to: '@s.whatsapp.net', type: 'get', xmlns: 'x' }, [el('ask')])
// None of the handlers here looks at its context.
const context = {} as IqContext

function answering(answer: Awaited<ReturnType<IqHandler['handle']>>): IqHandler {
  return { xmlns: 'x', handle: () => Promise.resolve(answer) }
}

describe('the iq registry', () => {
  it('answers with the id of the request, from where it was sent to', async () => {
    const registry = new IqRegistry(pino({ level: 'silent' }))
    registry.add(answering([el('answer')]))
    expect(await registry.answer(iq, context)).toEqual(
      el('iq', { id: '7', type: 'result', from: '@s.whatsapp.net' }, [el('answer')]),
    )
  })

  it('asks the handler that was added last first, and the next when it does not know', async () => {
    const registry = new IqRegistry(pino({ level: 'silent' }))
    registry.add(answering([el('default')]))
    registry.add(answering(undefined))
    expect((await registry.answer(iq, context)).content).toEqual([el('default')])
    registry.add(answering([el('replaced')]))
    expect((await registry.answer(iq, context)).content).toEqual([el('replaced')])
  })

  it('passes refusals on, and never leaves an unknown request unanswered', async () => {
    const registry = new IqRegistry(pino({ level: 'silent' }))
    expect(await registry.answer(iq, context)).toMatchObject({
      attrs: { type: 'error' },
      content: [el('error', { code: 501, text: 'feature-not-implemented' })],
    })
    registry.add(answering(new IqError(403, 'forbidden')))
    expect((await registry.answer(iq, context)).content).toEqual([
      el('error', { code: 403, text: 'forbidden' }),
    ])
  })
})
