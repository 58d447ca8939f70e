import type { ALL_WA_PATCH_NAMES } from 'baileys'
import { type BinaryNode } from 'baileys'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EngineWorld, hastyClock } from '../../../test/engine-world.ts'
import { ManualClock } from '../../core/clock.ts'
import { type Logger, silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { AppStateSync } from './app-state-sync.ts'

describeEachDialect("news of the account's state that are not told", (open) => {
  let database: OpenDatabase
  let world: EngineWorld
  const warnings: string[] = []
  const logger: Logger = {
    ...silentLogger,
    warn: (_fields, text) => warnings.push(text),
    child: () => logger,
  }

  beforeEach(async () => {
    database = await open()
    warnings.length = 0
    world = await EngineWorld.start(database, { logger, clock: hastyClock(20) })
  })

  afterEach(async () => {
    await world.close()
  })

  it('are asked for by the next connection, also of another process', async () => {
    const { session, listener } = await world.linked()
    await world.settled()
    world.simulator.faults.ignoreIq('w:sync:app:state', { count: 1_000 })
    await world.owner.settings.pin(world.contact)
    await vi.waitFor(
      () => expect(warnings.join()).toMatch(/news of the account's state was not fetched/),
      5_000,
    )
    await world.contact.sendText(world.owner, 'later')
    await listener.committed('message.received')
    await session.close()
    world.simulator.faults.clear()
    world.newEngine()
    const next = await world.connected()
    await next.listener.committed('chat.updated', ({ chat }) => chat.isPinned === true)
    await world.settled()
    await next.session.close()
  })
})

/** A socket that answers as the test says, on a clock that it moves. */
function sync() {
  const clock = new ManualClock()
  const asked: string[][] = []
  const state = { isAlive: true, answers: false }
  const subject = new AppStateSync({
    socket: {
      ev: { flush: () => true },
      resyncAppState: async (collections) => {
        asked.push([...collections])
        if (!state.answers) throw new Error('timed out')
      },
    },
    keys: { creds: {}, keys: {} } as never, // nothing of them is looked at here
    isAlive: () => state.isAlive,
    clock,
    logger: silentLogger,
  })
  return { clock, asked, state, subject }
}

function news(id: string, ...collections: (typeof ALL_WA_PATCH_NAMES)[number][]): BinaryNode {
  const content = collections.map((name) => ({ tag: 'collection', attrs: { name } }))
  return { tag: 'notification', attrs: { id, type: 'server_sync' }, content }
}

/** Lets all that can go on go on. */
async function turn(): Promise<void> {
  for (let step = 0; step < 3; step++) await new Promise(setImmediate)
}

describe('AppStateSync', () => {
  it('asks again for news that were not told, until they are', async () => {
    const { clock, asked, state, subject } = sync()
    const node = news('A', 'regular', 'regular_low')
    await subject.takeStanza(node)
    let isDone = false
    void subject.announcedBy(node)?.then(() => {
      isDone = true
    })
    for (const [index, waitMs] of [30_000, 120_000, 600_000, 600_000].entries()) {
      clock.advance(waitMs - 1)
      await turn()
      expect(asked).toHaveLength(index + 1)
      expect(isDone).toBe(false)
      if (index === 3) state.answers = true
      clock.advance(1)
      await turn()
    }
    expect(asked).toEqual(Array(5).fill(['regular_low', 'regular']))
    expect(isDone).toBe(true)
    clock.advance(3_600_000)
    await turn()
    expect(asked).toHaveLength(5)
  })

  it('asks for all that is missing with the next news, which nothing waits for then', async () => {
    const { asked, state, subject } = sync()
    const first = news('A', 'regular')
    const second = news('B', 'critical_block')
    await subject.takeStanza(first)
    state.answers = true
    expect(subject.takeStanza(second)).toBeUndefined()
    await Promise.all([subject.announcedBy(first), subject.announcedBy(second)])
    expect(asked).toEqual([['regular'], ['critical_block', 'regular']])
  })

  it('asks no more once the connection has ended', async () => {
    const { clock, asked, state, subject } = sync()
    await subject.takeStanza(news('A', 'regular'))
    state.isAlive = false
    clock.advance(3_600_000)
    await turn()
    expect(asked).toHaveLength(1)
  })
})
