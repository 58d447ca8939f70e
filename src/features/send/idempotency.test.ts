import { beforeEach, expect, it } from 'vitest'
import { AppError } from '../../core/app-error.ts'
import { ManualClock } from '../../core/clock.ts'
import { asDeviceId, type MessageId } from '../../core/ids.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { Idempotency, type IdempotentCall } from './idempotency.ts'
import { IdempotencyStore } from './idempotency-store.ts'

type Outcome = { readonly id: string }

const identity = {
  credential: 'bot',
  deviceId: asDeviceId('main'),
  route: 'POST /send/message',
  key: 'order-1',
}

describeEachDialect('an idempotency key', (open) => {
  let database: OpenDatabase
  let clock: ManualClock
  let idempotency: Idempotency
  let worked: MessageId[]

  beforeEach(async () => {
    database = await open()
    clock = new ManualClock()
    worked = []
    idempotency = afterRestart()
  })

  function afterRestart(): Idempotency {
    return new Idempotency({ store: new IdempotencyStore(), inTransaction: database.inTransaction, clock })
  }

  /** A call that notes its work; give only what the test is about. */
  function aCall(overrides: Partial<IdempotentCall<Outcome>> = {}): IdempotentCall<Outcome> {
    return {
      identity,
      request: { phone: '62812', message: 'hi' },
      work: async (id) => {
        worked.push(id)
        return { id }
      },
      recover: async () => null,
      ...overrides,
    }
  }

  function failing(error: unknown): Partial<IdempotentCall<Outcome>> {
    return {
      work: async (id) => {
        worked.push(id)
        throw error
      },
    }
  }

  it('repeats the outcome of the first request, also after a restart', async () => {
    const first = await idempotency.run(aCall())
    expect(await idempotency.run(aCall())).toEqual(first)
    expect(await afterRestart().run(aCall())).toEqual(first)
    expect(worked).toEqual([first.id])
  })

  it('does not mind the order in which the members of a request are written', async () => {
    const first = await idempotency.run(aCall())
    expect(await idempotency.run(aCall({ request: { message: 'hi', phone: '62812' } }))).toEqual(first)
  })

  it('is refused with another request, running or done', async () => {
    const other = { request: { phone: '62812', message: 'hello' } }
    const gate = Promise.withResolvers<undefined>()
    const first = idempotency.run(aCall({ work: async (id) => gate.promise.then(() => ({ id })) }))
    await expect(idempotency.run(aCall(other))).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    gate.resolve(undefined)
    await first
    await expect(idempotency.run(aCall(other))).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    expect(worked).toEqual([])
  })

  it('lets only one of two requests at once do the work', async () => {
    const gate = Promise.withResolvers<undefined>()
    const first = idempotency.run(aCall({ work: async (id) => gate.promise.then(() => ({ id })) }))
    await expect(idempotency.run(aCall())).rejects.toMatchObject({ code: 'idempotency_in_progress' })
    gate.resolve(undefined)
    const { id } = await first
    expect(await idempotency.run(aCall())).toEqual({ id })
    expect(worked).toEqual([])
  })

  it.each([
    ['credential', { credential: 'other' }],
    ['device', { deviceId: asDeviceId('other') }],
    ['route', { route: 'POST /send/image' }],
    ['key', { key: 'order-2' }],
  ])('is another one for another %s', async (_what, change) => {
    await idempotency.run(aCall())
    await idempotency.run(aCall({ identity: { ...identity, ...change } }))
    expect(worked).toHaveLength(2)
  })

  it('is forgotten after 24 hours', async () => {
    const first = await idempotency.run(aCall())
    clock.advance(24 * 3_600_000 - 1)
    expect(await idempotency.run(aCall())).toEqual(first)
    clock.advance(2)
    expect(await idempotency.run(aCall())).not.toEqual(first)
  })

  it('deletes what is older than 24 hours, of everybody', async () => {
    await idempotency.run(aCall())
    clock.advance(25 * 3_600_000)
    await idempotency.run(aCall({ identity: { ...identity, key: 'order-2' } }))
    const rows = await database.db.selectFrom('idempotency_keys').select('key').execute()
    expect(rows).toEqual([{ key: 'order-2' }])
  })

  it('repeats a refusal that another try cannot mend, word by word', async () => {
    const refusal = new AppError('whatsapp_refused', {
      message: 'no',
      details: { whatsappCode: 403, messageId: 'X' },
    })
    await expect(idempotency.run(aCall(failing(refusal)))).rejects.toBe(refusal)
    const { code, message, details } = refusal
    await expect(afterRestart().run(aCall())).rejects.toMatchObject({ code, message, details })
    expect(worked).toHaveLength(1)
  })

  it.each([
    'device_not_connected',
    'device_not_logged_in',
    'whatsapp_rate_limited',
    'shutting_down',
  ] as const)('is free again after %s, because nothing was delivered', async (code) => {
    await expect(idempotency.run(aCall(failing(new AppError(code))))).rejects.toMatchObject({ code })
    const { id } = await idempotency.run(aCall())
    expect(worked).toHaveLength(2)
    expect(worked[1]).toBe(id)
    expect(worked[0]).not.toBe(id)
  })

  it.each([
    ['an uncertain outcome', new AppError('send_outcome_unknown', { certain: false })],
    ['a defect', new Error('the disk is full')],
  ])('asks what became of the message after %s, and never does the work again', async (_title, error) => {
    await expect(idempotency.run(aCall(failing(error)))).rejects.toBe(error)
    const asked: MessageId[] = []
    const unknown = new AppError('send_outcome_unknown', { certain: false })
    const recover = async (id: MessageId) => {
      asked.push(id)
      return Promise.reject(unknown)
    }
    await expect(idempotency.run(aCall({ recover }))).rejects.toBe(unknown)
    const settled = await afterRestart().run(aCall({ recover: async (id) => ({ id }) }))
    expect(asked).toEqual(worked)
    expect(settled.id).toBe(worked[0])
    expect(await idempotency.run(aCall())).toEqual(settled)
    expect(worked).toHaveLength(1)
  })

  it('does the work under the reserved id when a crash came before anything was written', async () => {
    const crash = new Error('killed')
    await expect(idempotency.run(aCall(failing(crash)))).rejects.toBe(crash)
    const { id } = await afterRestart().run(aCall())
    expect(worked).toEqual([id, id])
  })
})
