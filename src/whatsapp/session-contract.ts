import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { asDeviceId, type DeviceId, newMessageId } from '../core/ids.ts'
import type { Jid } from './jid.ts'
import type { WhatsAppEvent } from './whatsapp-event.ts'
import type { SessionChange, SessionListener, WhatsAppEngine, WhatsAppSession } from './whatsapp-session.ts'

/** The world around an engine: what the phones and the server do. Each verb resolves once it was done, not once it was seen. */
export interface ContractWorld {
  readonly engine: WhatsAppEngine
  /** A number that is registered on WhatsApp, and one that is not. */
  readonly contact: Jid
  readonly stranger: Jid
  /** A phone scans the QR code that the device shows. */
  scan(deviceId: DeviceId, qrText: string): Promise<void>
  /** The contact sends a text to the linked account. */
  writeToAccount(deviceId: DeviceId, text: string): Promise<void>
  /** From now on WhatsApp's acks are held back. */
  holdAcks(): Promise<void>
  /** The connection breaks without a word. */
  drop(deviceId: DeviceId): Promise<void>
  /** The user removes the linked device on the phone. */
  unlink(deviceId: DeviceId): Promise<void>
  close(): Promise<void>
}

/** A listener that keeps what it hears, for the suite. */
export class RecordingListener implements SessionListener {
  readonly changes: SessionChange[] = []
  readonly events: WhatsAppEvent[] = []

  onChange(change: SessionChange): void {
    this.changes.push(change)
  }

  async onEvents(events: readonly WhatsAppEvent[]): Promise<void> {
    this.events.push(...events)
  }

  /** Resolves with the first change of `type`; after the deadline it fails with what was heard. */
  async heard<T extends SessionChange['type']>(type: T): Promise<Extract<SessionChange, { type: T }>> {
    return vi.waitFor(
      () => {
        const change = this.changes.find((candidate) => candidate.type === type)
        if (change === undefined) {
          throw new Error(`heard no ${type}, only ${this.changes.map((heard) => heard.type).join(', ')}`)
        }
        return change as Extract<SessionChange, { type: T }> // found by its type
      },
      { timeout: 10_000, interval: 5 },
    )
  }
}

/** Runs the suite that every engine passes, against the world that `makeWorld` gives for each test. */
export function describeSessionContract(title: string, makeWorld: () => Promise<ContractWorld>): void {
  describe(title, () => {
    const deviceId = asDeviceId('contract')
    const beforeSend = async () => undefined
    let world: ContractWorld

    beforeEach(async () => {
      world = await makeWorld()
      await world.engine.selfCheck()
    })

    afterEach(async () => {
      await world.close()
    })

    async function opened(): Promise<{ session: WhatsAppSession; listener: RecordingListener }> {
      const pairing = new RecordingListener()
      await world.engine.open(deviceId, pairing)
      await world.scan(deviceId, (await pairing.heard('qr')).text)
      await pairing.heard('closed')
      const listener = new RecordingListener()
      const session = await world.engine.open(deviceId, listener)
      await listener.heard('open')
      return { session, listener }
    }

    it('links a new device by QR code, asks for a restart and opens with the same account', async () => {
      expect(await world.engine.account(deviceId)).toBeNull()
      const pairing = new RecordingListener()
      await world.engine.open(deviceId, pairing)
      const code = await pairing.heard('qr')
      expect(code.text).toContain('#')
      expect(code.lifetimeMs).toBeGreaterThan(0)
      await world.scan(deviceId, code.text)
      const { account } = await pairing.heard('paired')
      expect(await pairing.heard('closed')).toMatchObject({ reason: 'restart-required' })

      const kept = await world.engine.account(deviceId)
      expect(kept?.jid).toBe(account.jid)
      expect(kept?.jidWithDevice).toMatch(/^\d+:\d+@s\.whatsapp\.net$/)
      const listener = new RecordingListener()
      const session = await world.engine.open(deviceId, listener)
      expect((await listener.heard('open')).account.jid).toBe(account.jid)
      expect(listener.changes.map((change) => change.type)).not.toContain('qr')
      await session.close()
    })

    it('gives a pairing code of eight characters to a device that is not linked', async () => {
      const pairing = new RecordingListener()
      const session = await world.engine.open(deviceId, pairing)
      await pairing.heard('qr')
      expect(await session.requestPairingCode('6281200000001')).toMatch(/^[0-9A-Z]{8}$/)
      await session.close()
      expect(await world.engine.account(deviceId)).toBeNull()
    })

    it('sends after beforeSend has committed and answers with the ack', async () => {
      const { session } = await opened()
      const steps: string[] = []
      const id = newMessageId()
      const sent = await session.sendMessage(
        world.contact,
        { kind: 'text', text: 'one', context: {} },
        {
          id,
          beforeSend: async (raw) => {
            steps.push(`committed ${raw.length > 0}`)
          },
        },
      )
      expect(sent).toMatchObject({ id, at: expect.any(Date) as unknown })
      expect(sent.raw.length).toBeGreaterThan(0)
      expect(steps).toEqual(['committed true'])
      await session.close()
    })

    it('sends nothing when beforeSend rejects', async () => {
      const { session } = await opened()
      const failing = async () => {
        throw new Error('disk full')
      }
      const sending = session.sendMessage(
        world.contact,
        { kind: 'text', text: 'never', context: {} },
        { id: newMessageId(), beforeSend: failing },
      )
      await expect(sending).rejects.toThrow('disk full')
      await session.close()
    })

    it('calls a send uncertain when the connection breaks before the ack', async () => {
      const { session, listener } = await opened()
      await world.holdAcks()
      const committed = new Promise<void>((resolve) => {
        void session
          .sendMessage(
            world.contact,
            { kind: 'text', text: 'two', context: {} },
            { id: newMessageId(), beforeSend: async () => resolve() },
          )
          .then(
            () => outcome.push('sent'),
            (error: unknown) => outcome.push(error),
          )
      })
      const outcome: unknown[] = []
      await committed
      await world.drop(deviceId)
      expect(await listener.heard('closed')).toMatchObject({ reason: 'connection-lost' })
      await vi.waitFor(() => expect(outcome).toHaveLength(1), { timeout: 10_000, interval: 5 })
      // A frame that had not left yet may also be told as certain; never as sent.
      expect(['send_outcome_unknown', 'device_not_connected']).toContain(
        (outcome[0] as { code?: string }).code,
      )
    })

    it('tells what arrived', async () => {
      const { session, listener } = await opened()
      await world.writeToAccount(deviceId, 'hello from outside')
      await vi.waitFor(
        () =>
          expect(listener.events.filter((event) => event.type === 'message.received')).toMatchObject([
            { message: { text: 'hello from outside', isFromMe: false } },
          ]),
        { timeout: 10_000, interval: 5 },
      )
      expect(session.health().lastFrameAt).toBeInstanceOf(Date)
      await session.close()
    })

    it('knows who is on WhatsApp', async () => {
      const { session } = await opened()
      expect(await session.findOnWhatsApp(world.contact)).toBe(world.contact)
      expect(await session.findOnWhatsApp(world.stranger)).toBeNull()
      await session.close()
    })

    it('closes once, says so last, and sends nothing afterwards', async () => {
      const { session, listener } = await opened()
      await Promise.all([session.close(), session.close()])
      expect(listener.changes.at(-1)).toMatchObject({ type: 'closed', reason: 'closed-by-us' })
      expect(listener.changes.filter((change) => change.type === 'closed')).toHaveLength(1)
      await expect(
        session.sendMessage(
          world.contact,
          { kind: 'text', text: 'late', context: {} },
          { id: newMessageId(), beforeSend },
        ),
      ).rejects.toMatchObject({ code: 'device_not_connected' })
      expect((await world.engine.account(deviceId))?.jid).toBeDefined()
    })

    it('reports an unlink on the phone as a logout', async () => {
      const { listener } = await opened()
      await world.unlink(deviceId)
      expect(await listener.heard('closed')).toMatchObject({ reason: 'logged-out' })
    })

    it('logs out, and forgets its keys when told', async () => {
      const { session, listener } = await opened()
      await session.logout()
      expect(await listener.heard('closed')).toMatchObject({ reason: 'logged-out' })
      await world.engine.forget(deviceId)
      expect(await world.engine.account(deviceId)).toBeNull()
      const again = new RecordingListener()
      const fresh = await world.engine.open(deviceId, again)
      await again.heard('qr')
      await fresh.close()
    })
  })
}
