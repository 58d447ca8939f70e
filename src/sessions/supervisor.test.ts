import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AppError } from '../core/app-error.ts'
import { asDeviceId } from '../core/ids.ts'
import { silentLogger } from '../core/logger.ts'
import { openDatabase } from '../db/open-database.ts'
import { TestDevices } from '../features/devices/test-devices.ts'
import type { CloseReason } from '../whatsapp/whatsapp-session.ts'

const one = asDeviceId('one')

const reasons: CloseReason[] = [
  'restart-required',
  'connection-lost',
  'qr-expired',
  'replaced',
  'logged-out',
  'banned',
  'temporarily-banned',
  'outdated',
  'unusable',
  'refused',
  'untrusted-server',
  'closed-by-us',
]

type Step =
  | { readonly do: 'login' | 'code' | 'reconnect' | 'logout' | 'scan' | 'answer' | 'turn' }
  | { readonly do: 'end'; readonly reason: CloseReason }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'answers'; readonly byItself: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('login', 'code', 'reconnect', 'logout').map((verb) => ({ do: verb })),
  },
  { weight: 6, arbitrary: fc.constantFrom('scan', 'answer', 'turn').map((verb) => ({ do: verb })) },
  { weight: 4, arbitrary: fc.constantFrom(...reasons).map((reason) => ({ do: 'end' as const, reason })) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 400_000 }).map((ms) => ({ do: 'wait' as const, ms })) },
  { weight: 1, arbitrary: fc.boolean().map((byItself) => ({ do: 'answers' as const, byItself })) },
)

it('keeps one connection at most and never gets stuck, whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const database = await openDatabase({ uri: ':memory:', dataDir: '.', version: 'test' }, silentLogger)
      const devices = new TestDevices(database)
      const { engine, sessions, clock } = devices
      await devices.add('one')
      const outcomes: Promise<unknown>[] = []
      const unclosed = () => engine.sessions.filter((session) => !session.isClosed)
      const ask = (command: Promise<unknown>) => {
        outcomes.push(command.catch((error: unknown) => expect(error).toBeInstanceOf(AppError)))
      }

      for (const { do: verb, ...facts } of steps) {
        const live = unclosed()[0]
        if (verb === 'login') ask(sessions.login(one))
        else if (verb === 'code') ask(sessions.requestPairingCode(one, '6281234567'))
        else if (verb === 'reconnect') ask(sessions.reconnect(one))
        else if (verb === 'logout') ask(sessions.logout(one))
        else if (verb === 'scan' && live?.isOpen === false) live.scan()
        else if (verb === 'answer') live?.answer()
        else if (verb === 'end' && 'reason' in facts) live?.end(facts.reason)
        else if (verb === 'wait' && 'ms' in facts) clock.advance(facts.ms)
        else if (verb === 'answers' && 'byItself' in facts) engine.answersByItself = facts.byItself
        await new Promise((resolve) => setImmediate(resolve))
        expect(unclosed().length).toBeLessThanOrEqual(1)
      }

      // Whatever it came to: given time, everybody is answered, and the device can be linked and used.
      engine.answersByItself = true
      const isSettled = async (work: Promise<unknown>) => {
        let isOver = false
        void work.then(() => {
          isOver = true
        })
        await devices.until(() => {
          if (isOver) return
          clock.advance(5_000)
          throw new Error('somebody was never answered')
        })
      }
      await isSettled(Promise.all(outcomes))
      for (let round = 0; !sessions.status(one).isLoggedIn; round += 1) {
        if (round === 5) throw new Error(`cannot be linked: ${JSON.stringify(sessions.status(one))}`)
        await isSettled(sessions.login(one).catch((error: unknown) => expect(error).toBeInstanceOf(AppError)))
        const live = unclosed()[0]
        if (live?.isOpen === false) live.scan()
        await new Promise((resolve) => setImmediate(resolve))
      }
      await devices.open('one')
      expect(unclosed()).toHaveLength(1)
      await sessions.stop()
      expect(unclosed()).toHaveLength(0)
      await database.close()
    }),
    { numRuns: 100 },
  )
}, 120_000)
