import { describe, expect } from 'vitest'
import { scenario } from '../scenario.ts'

/** The longest that a message may wait for other things that WhatsApp does not answer. */
const longestWaitMs = 5_000

describe('app state that WhatsApp does not tell', () => {
  scenario(
    'holds up no message, also while history comes',
    async (stage) => {
      const { world, gateway } = stage
      const [ada, bo] = stage.people('Ada', 'Bo')
      world.simulator.faults.ignoreIq('w:sync:app:state', { count: 1_000 })
      const at = Math.floor(Date.UTC(2026, 0, 1) / 1000)
      world.simulator.history.remember(ada.account, [
        { jid: bo.jid, lidJid: bo.lid, messages: [{ id: 'OLD', isFromMe: false, text: 'long ago', at }] },
      ])
      await gateway.link(ada, 'main')
      const waits: number[] = []
      const sentAt = performance.now()
      expect(await gateway.sendText('main', bo.phone, 'hello')).toMatchObject({ status: 200 })
      waits.push(Math.round(performance.now() - sentAt))
      for (let number = 0; number < 5; number += 1) {
        const writtenAt = performance.now()
        await bo.sendText(ada, `new ${number}`)
        await world.nextEvent('message', ({ payload }) => payload.body === `new ${number}`, 120_000)
        waits.push(Math.round(performance.now() - writtenAt))
      }
      expect(Math.max(...waits), `waited ${waits.join(', ')} ms`).toBeLessThan(longestWaitMs)
      await gateway.message('main', bo.jid, ({ content }) => content === 'long ago')
    },
    { timeoutMs: 200_000 },
  )
})
