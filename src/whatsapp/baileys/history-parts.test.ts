import { proto, type WAMessage } from 'baileys'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EngineWorld } from '../../../test/engine-world.ts'
import { ManualClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { HistoryParts } from './history-parts.ts'

describeEachDialect('history on a media host that is away', (open) => {
  let database: OpenDatabase
  let world: EngineWorld

  beforeEach(async () => {
    database = await open()
    world = await EngineWorld.start(database, { logger: silentLogger })
  })

  afterEach(async () => {
    await world.close()
  })

  function remembers(): void {
    const { history } = world.simulator
    history.usesMediaHost = true
    const messages = [{ id: 'OLD', isFromMe: false, text: 'long ago', at: 1_767_225_600 }]
    history.remember(world.owner.account, [{ jid: world.contact.jid, messages }])
  }

  const isOld = (event: { messages: readonly { text: string }[] }) =>
    event.messages.some(({ text }) => text === 'long ago')

  it('is tried again by the next connection, also of another process, and no message waits', async () => {
    remembers()
    world.simulator.media.downloadFailure = 503
    const { session, listener } = await world.linked()
    await world.contact.sendText(world.owner, 'behind it')
    await listener.committed('message.received', ({ message }) => message.text === 'behind it')
    await vi.waitFor(async () => expect(await world.journaled()).toHaveLength(2), { timeout: 10_000 })
    await session.close()
    world.simulator.media.downloadFailure = undefined
    world.newEngine()
    const next = await world.connected()
    await next.listener.committed('history.synced', isOld)
    await world.settled()
    await next.session.close()
    expect(listener.all('history.synced')).toEqual([])
  })

  it('is lost when it is gone there: nothing waits for it any more', async () => {
    remembers()
    world.simulator.media.downloadFailure = 404
    const { session, listener } = await world.linked()
    await vi.waitFor(() =>
      expect(world.simulator.media.files.map(({ downloads }) => downloads)).toEqual([1, 1]),
    )
    await world.settled()
    expect(listener.all('history.synced')).toEqual([])
    await session.close()
  })
})

const announcedAt = new Date('2026-01-01T00:00:00Z')

/** Parts whose download fails as the test says, on a clock that it moves. */
function parts() {
  const clock = new ManualClock(announcedAt)
  const handled: WAMessage[] = []
  const warnings: string[] = []
  const state = { isAlive: true, failure: null as Error | null, downloads: 0 }
  const subject = new HistoryParts({
    socket: {
      ev: { flush: () => true },
      upsertMessage: async (message) => {
        handled.push(message)
      },
    },
    download: async () => {
      state.downloads++
      if (state.failure !== null) throw state.failure
      return Buffer.from('a part')
    },
    isAlive: () => state.isAlive,
    clock,
    logger: {
      ...silentLogger,
      warn: (_fields: unknown, text: string) => warnings.push(text),
    },
  })
  const announce = (key: Partial<WAMessage['key']> = {}) => {
    subject.takeBatch({ 'messages.upsert': { messages: [announcement(key)], type: 'notify' } })
    return subject.announcedBy({ tag: 'message', attrs: { id: 'PART' } })
  }
  return { clock, handled, warnings, state, announce, subject }
}

function announcement(key: Partial<WAMessage['key']>): WAMessage {
  const historySyncNotification = { syncType: 3, directPath: '/part', mediaKey: new Uint8Array(32) }
  const type = proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION
  return {
    key: { id: 'PART', fromMe: true, remoteJid: '628111@s.whatsapp.net', ...key },
    messageTimestamp: announcedAt.getTime() / 1000,
    message: { protocolMessage: { type, historySyncNotification } },
  }
}

const away = () => new Error('fetch failed')

describe('HistoryParts', () => {
  it('tries again after 30 s, 2 min and every 10 min, and hands the part over when it has it', async () => {
    const { clock, handled, state, warnings, announce } = parts()
    state.failure = away()
    const done = announce()
    for (const [index, waitMs] of [30_000, 120_000, 600_000, 600_000].entries()) {
      await vi.waitFor(() => expect(warnings).toHaveLength(index + 1))
      clock.advance(waitMs - 1)
      await new Promise(setImmediate)
      expect(state.downloads).toBe(index + 1)
      if (index === 3) state.failure = null
      clock.advance(1)
    }
    await done
    expect(handled).toHaveLength(1)
    const part = handled[0]?.message?.protocolMessage?.historySyncNotification
    expect(part?.initialHistBootstrapInlinePayload).toEqual(Buffer.from('a part'))
  })

  it('tries a part no longer a week after it was announced, with one clear warning', async () => {
    const { clock, state, warnings, announce } = parts()
    state.failure = away()
    clock.advance(8 * 24 * 60 * 60 * 1000)
    await announce()
    expect(state.downloads).toBe(1)
    expect(warnings).toEqual(['a part of the history is lost: only the phone can share it again'])
  })

  it('fetches nothing of what others announce, or of what it is fetching', async () => {
    const { state, announce, subject } = parts()
    expect(announce({ fromMe: false })).toBeUndefined()
    const done = announce()
    void announce()
    await done
    expect(state.downloads).toBe(1)
    expect(subject.announcedBy({ tag: 'message', attrs: { id: 'PART' } })).toBeUndefined()
  })

  it('leaves what is not here to the next connection when this one ends', async () => {
    const { clock, state, handled, announce } = parts()
    state.failure = away()
    let isDone = false
    void announce()?.then(() => {
      isDone = true
    })
    await vi.waitFor(() => expect(state.downloads).toBe(1))
    state.isAlive = false
    state.failure = null
    clock.advance(3_600_000)
    await new Promise(setImmediate)
    expect({ isDone, handled, downloads: state.downloads }).toEqual({
      isDone: false,
      handled: [],
      downloads: 1,
    })
  })
})
