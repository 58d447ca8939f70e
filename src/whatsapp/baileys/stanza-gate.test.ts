import { EventEmitter } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { deserialize, serialize } from 'node:v8'
import type { BinaryNode } from 'baileys'
import { describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { asDeviceId, type DeviceId } from '../../core/ids.ts'
import { silentLogger } from '../../core/logger.ts'
import { callbackNames } from './stanza-dispatch.ts'
import { StanzaGate, type StanzaGateDeps } from './stanza-gate.ts'
import type { JournaledStanza, StanzaJournal } from './stanza-journal.ts'
import { stanzaKey } from './stanza-key.ts'

/** A journal whose commits wait until the test lets them through. */
class MemoryJournal implements StanzaJournal {
  readonly rows = new Map<string, JournaledStanza>()
  readonly writes: string[][] = []
  #held: (() => void)[] | null = null
  failsToAdd = false

  hold(): void {
    this.#held = []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const go of held) go()
  }

  async add(_device: DeviceId, stanzas: readonly JournaledStanza[]): Promise<void> {
    if (this.failsToAdd) throw new Error('disk full')
    if (this.#held !== null) await new Promise<void>((resolve) => this.#held?.push(resolve))
    this.writes.push(stanzas.map((stanza) => stanza.key))
    for (const stanza of stanzas) if (!this.rows.has(stanza.key)) this.rows.set(stanza.key, stanza)
  }

  async unsettled(): Promise<JournaledStanza[]> {
    return [...this.rows.values()]
  }

  async settle(_device: DeviceId, keys: readonly string[]): Promise<void> {
    for (const key of keys) this.rows.delete(key)
  }

  async clear(): Promise<void> {
    this.rows.clear()
  }
}

/** A socket emitter that announces frames the way Baileys does, with a gate in front of its listeners. */
function aGate(overrides: Partial<StanzaGateDeps> = {}) {
  const emitter = new EventEmitter()
  const journal = new MemoryJournal()
  const seen: string[] = []
  const failures: Error[] = []
  const state = { isAlive: true, storageFailure: null as Error | null }
  let commit: Promise<void> = Promise.resolve()
  const clock = new ManualClock()
  const gate = new StanzaGate({
    deviceId: asDeviceId('main'),
    emitter,
    journal,
    holds: true,
    isAlive: () => state.isAlive,
    onFrame: () => undefined,
    onArrival: () => undefined,
    onDispatch: () => undefined,
    onHandled: () => undefined,
    committed: () => commit,
    storageFailure: () => state.storageFailure,
    onFailure: (error) => failures.push(error),
    clock,
    logger: silentLogger,
    ...overrides,
  })
  gate.install()
  return {
    gate,
    emitter,
    journal,
    seen,
    failures,
    state,
    /** Lets everything that can go on go on, and time pass for what is settled. */
    settled: async () => {
      for (let turn = 0; turn < 20; turn++) await nextTurn()
      clock.advance(1000)
      for (let turn = 0; turn < 5; turn++) await nextTurn()
    },
    setCommit: (promise: Promise<void>) => {
      commit = promise
    },
    receive: (node: BinaryNode) => {
      emitter.emit('frame', node)
      emitter.emit(`TAG:${node.attrs.id}`, node)
      for (const name of callbackNames(node)) emitter.emit(name, node)
    },
    on: (tag: string, handler: (node: BinaryNode) => Promise<void> | void) => {
      // Baileys' listeners return promises as well; the emitter's type does not know of them.
      const listener: (node: BinaryNode) => unknown = (node) => {
        seen.push(`${tag} ${node.attrs.id}`)
        return handler(node)
      }
      emitter.on(`CB:${tag}`, listener)
    },
  }
}

function aStanza(tag: string, id: string, attrs: Record<string, string> = {}): BinaryNode {
  return { tag, attrs: { id, from: '628111@s.whatsapp.net', t: '1767225600', ...attrs } }
}

const nothing = (): void => undefined

describe('StanzaGate', () => {
  it('dates a stanza that does not say when it was sent with its arrival, also after a restart', async () => {
    const { gate, journal, emitter, receive, settled } = aGate()
    const times: (string | undefined)[] = []
    emitter.on('CB:message', (node: BinaryNode) => times.push(node.attrs.t))
    emitter.on('CB:receipt', (node: BinaryNode) => times.push(node.attrs.t))
    await gate.start()
    const arrival = String(Math.floor(new ManualClock().now().getTime() / 1000))
    const { t: _t, ...undated } = aStanza('message', 'A').attrs
    receive({ tag: 'message', attrs: undated })
    receive(aStanza('receipt', 'B', { t: '' }))
    receive(aStanza('receipt', 'C', { t: '1700000000' }))
    const nodes = () => [...journal.rows.values()].map(({ node }) => deserialize(node) as BinaryNode)
    await vi.waitFor(() =>
      expect(nodes().map(({ attrs }) => attrs.t)).toEqual([arrival, arrival, '1700000000']),
    )
    await settled()
    expect(times).toEqual([arrival, arrival, '1700000000'])
  })

  it('shows a stanza to the handlers only after its row is committed', async () => {
    const { gate, journal, seen, on, receive, settled } = aGate()
    on('message', nothing)
    await gate.start()
    journal.hold()
    receive(aStanza('message', 'A'))
    await settled()
    expect(seen).toEqual([])

    journal.release()
    await settled()
    expect(seen).toEqual(['message A'])
  })

  it('lets no handler see, and so acknowledge, a stanza whose preparation is not done', async () => {
    const preparation = Promise.withResolvers<void>()
    const { gate, seen, on, receive, settled } = aGate({ onDispatch: () => preparation.promise })
    on('notification', nothing)
    await gate.start()
    receive(aStanza('notification', 'A'))
    await settled()
    expect(seen).toEqual([])

    preparation.resolve()
    await settled()
    expect(seen).toEqual(['notification A'])
  })

  it('leaves a stanza for the next connection when this one ends during its preparation', async () => {
    const preparation = Promise.withResolvers<void>()
    const { gate, journal, seen, state, on, receive, settled } = aGate({
      onDispatch: () => preparation.promise,
    })
    on('notification', nothing)
    await gate.start()
    receive(aStanza('notification', 'A'))
    await settled()
    state.isAlive = false
    preparation.resolve()
    await settled()
    expect(seen).toEqual([])
    expect(journal.rows.size).toBe(1)
  })

  it('lets answers and acks pass at once, also while messages are held', async () => {
    const { gate, journal, seen, on, receive } = aGate()
    on('message', nothing)
    on('ack', nothing)
    on('iq', nothing)
    await gate.start()
    journal.hold()
    receive(aStanza('message', 'A'))
    receive(aStanza('ack', 'B'))
    receive(aStanza('iq', 'C'))
    expect(seen).toEqual(['ack B', 'iq C'])
    journal.release()
  })

  it('keeps the order of arrival, with ib stanzas in their place', async () => {
    const { gate, seen, on, receive, settled } = aGate()
    on('message', async () => nextTurn())
    on('ib', nothing)
    for (const id of ['A', 'B', 'C']) receive(aStanza('message', id))
    receive({ tag: 'ib', attrs: { id: 'offline' }, content: [{ tag: 'offline', attrs: { count: '3' } }] })
    expect(seen).toEqual([])
    await gate.start()
    await settled()
    expect(seen.filter((entry) => entry.startsWith('message'))).toEqual([
      'message A',
      'message B',
      'message C',
    ])
    expect(seen).toContain('ib offline')
  })

  it('writes many stanzas in one commit', async () => {
    const { gate, journal, on, receive, settled } = aGate()
    on('message', nothing)
    for (let index = 0; index < 40; index++) receive(aStanza('message', `M${index}`))
    await gate.start()
    await settled()
    expect(journal.writes.map((write) => write.length)).toEqual([40])
  })

  it('hands a queued message over as a live one and still shows that it was queued', async () => {
    const { gate, on, receive, settled } = aGate()
    const views: (string | undefined)[] = []
    on('message', async (node) => {
      views.push(node.attrs.offline)
      await nextTurn()
      views.push(node.attrs.offline)
    })
    await gate.start()
    receive(aStanza('message', 'A', { offline: '1' }))
    await settled()
    expect(views).toEqual([undefined, '1'])
  })

  it('settles a stanza once it is handled and its facts are committed', async () => {
    const { gate, journal, on, receive, setCommit, settled } = aGate()
    on('message', nothing)
    let commit: () => void = nothing
    setCommit(
      new Promise((resolve) => {
        commit = resolve
      }),
    )
    await gate.start()
    receive(aStanza('message', 'A'))
    await settled()
    expect(journal.rows.size).toBe(1)
    expect(gate.unsettledCount).toBe(1)

    commit()
    await settled()
    expect(journal.rows.size).toBe(0)
    expect(gate.unsettledCount).toBe(0)
  })

  it('does not settle and asks for a new connection when the facts cannot be committed', async () => {
    const { gate, journal, on, receive, setCommit, failures, settled } = aGate()
    on('message', nothing)
    const failed = Promise.reject(new Error('database is gone'))
    failed.catch(nothing)
    setCommit(failed)
    await gate.start()
    receive(aStanza('message', 'A'))
    await settled()
    expect(journal.rows.size).toBe(1)
    expect(failures.map((failure) => failure.message)).toEqual(['database is gone'])
  })

  it('does not settle after a key write failed', async () => {
    const { gate, journal, on, receive, state, failures, settled } = aGate()
    on('message', () => {
      state.storageFailure = new Error('keys not written')
    })
    await gate.start()
    receive(aStanza('message', 'A'))
    await settled()
    expect(journal.rows.size).toBe(1)
    expect(failures.map((failure) => failure.message)).toEqual(['keys not written'])
  })

  it('does not settle what was being handled when the connection ended, and dispatches nothing more', async () => {
    const { gate, journal, seen, on, receive, state, settled } = aGate()
    on('message', async () => {
      state.isAlive = false
    })
    await gate.start()
    receive(aStanza('message', 'A'))
    receive(aStanza('message', 'B'))
    await settled()
    expect(seen).toEqual(['message A'])
    expect(journal.rows.size).toBe(2)
  })

  it('asks for a new connection when an answer could not be sent', async () => {
    const { gate, journal, on, receive, failures, settled } = aGate()
    on('message', async () => {
      await nextTurn()
      const run = gate.currentRun
      if (run) run.lostConnection = true
    })
    await gate.start()
    receive(aStanza('message', 'A'))
    await settled()
    expect(journal.rows.size).toBe(1)
    expect(failures).toHaveLength(1)
  })

  it('feeds what an earlier connection left before what this one brings, each once', async () => {
    const { gate, journal, seen, on, receive, settled } = aGate()
    on('message', nothing)
    const left = ['A', 'B'].map((id) => aStanza('message', id))
    for (const node of left) {
      const key = stanzaKey(node)
      journal.rows.set(key, { key, node: serialize(node), receivedAt: new Date() })
    }
    receive(aStanza('message', 'C'))
    await gate.start()
    // The server brings B again, since it never saw a receipt.
    receive(aStanza('message', 'B', { offline: '0' }))
    await settled()
    expect(seen).toEqual(['message A', 'message B', 'message C'])
    expect(journal.rows.size).toBe(0)
  })

  it('drops a redelivery while the first copy is on its way', async () => {
    const { gate, seen, on, receive, setCommit, settled } = aGate()
    on('message', nothing)
    setCommit(new Promise(nothing))
    await gate.start()
    receive(aStanza('message', 'A'))
    await settled()
    receive(aStanza('message', 'A', { offline: '3', t: '1767225601' }))
    await settled()
    expect(seen).toEqual(['message A'])
  })

  it('does not take the answer to a retry for a redelivery', async () => {
    const { gate, seen, on, receive, setCommit, settled } = aGate()
    on('message', nothing)
    setCommit(new Promise(nothing))
    await gate.start()
    const cipher = (bytes: string): BinaryNode[] => [
      { tag: 'enc', attrs: { v: '2', type: 'msg' }, content: Buffer.from(bytes) },
    ]
    receive({ ...aStanza('message', 'A'), content: cipher('undecryptable') })
    receive({ ...aStanza('message', 'A'), content: cipher('again') })
    await settled()
    expect(seen).toEqual(['message A', 'message A'])
  })

  it('settles calls that are over and retry receipts without handling them again', async () => {
    const { gate, journal, seen, on, settled } = aGate()
    on('call', nothing)
    on('receipt', nothing)
    const old = aStanza('call', 'ring', { t: '1700000000' })
    const retry = aStanza('receipt', 'R', { type: 'retry' })
    const read = aStanza('receipt', 'S', { type: 'read' })
    for (const node of [old, retry, read]) {
      const key = stanzaKey(node)
      journal.rows.set(key, { key, node: serialize(node), receivedAt: new Date() })
    }
    await gate.start()
    await settled()
    expect(seen).toEqual(['receipt S'])
    expect(journal.rows.size).toBe(0)
  })

  it('holds nothing while unpaired', async () => {
    const { seen, on, receive, journal } = aGate({ holds: false })
    on('notification', nothing)
    receive(aStanza('notification', 'A'))
    expect(seen).toEqual(['notification A'])
    expect(journal.rows.size).toBe(0)
  })

  it('survives a handler that throws and handles the next stanza', async () => {
    const { gate, seen, on, receive, settled } = aGate()
    on('message', (node) => {
      if (node.attrs.id === 'A') throw new Error('broken stanza')
    })
    await gate.start()
    receive(aStanza('message', 'A'))
    receive(aStanza('message', 'B'))
    await settled()
    expect(seen).toEqual(['message A', 'message B'])
  })

  it('asks for a new connection when a stanza cannot be journaled, without handling it', async () => {
    const { gate, journal, seen, on, receive, failures, settled } = aGate()
    on('message', nothing)
    await gate.start()
    journal.failsToAdd = true
    receive(aStanza('message', 'A'))
    await settled()
    expect(seen).toEqual([])
    expect(failures.map((failure) => failure.message)).toEqual(['disk full'])
  })

  it('hands frames of one read over in slices, and the end of the connection after them', async () => {
    const { emitter, settled } = aGate()
    const heard: string[] = []
    let turns = 0
    const counting = (async () => {
      while (!heard.includes('close')) {
        await nextTurn()
        turns++
      }
    })()
    emitter.on('message', (frame: string) => {
      const until = performance.now() + 2
      while (performance.now() < until) continue
      heard.push(frame)
    })
    emitter.on('close', () => heard.push('close'))
    for (let index = 0; index < 20; index++) emitter.emit('message', `frame ${index}`)
    emitter.emit('close')
    await counting
    await settled()
    expect(heard).toEqual([...Array.from({ length: 20 }, (_, index) => `frame ${index}`), 'close'])
    expect(turns).toBeGreaterThan(5)
  })

  it('asks for a new connection when a frame cannot be read', async () => {
    const { emitter, failures, settled } = aGate()
    const listener: () => unknown = async () => {
      throw new Error('counter out of step')
    }
    emitter.on('message', listener)
    emitter.emit('message', 'frame')
    await settled()
    expect(failures.map((failure) => failure.message)).toEqual(['counter out of step'])
  })

  it('removes settled rows together, and at once when told', async () => {
    const { gate, journal, on, receive } = aGate()
    on('message', nothing)
    await gate.start()
    for (const id of ['A', 'B', 'C']) receive(aStanza('message', id))
    for (let turn = 0; turn < 20; turn++) await nextTurn()
    expect(journal.rows.size).toBe(3)
    await gate.flush()
    expect(journal.rows.size).toBe(0)
    expect(gate.unsettledCount).toBe(0)
  })
})
