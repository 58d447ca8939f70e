import { beforeEach, expect, it } from 'vitest'
import { AppError } from '../../core/app-error.ts'
import { asDeviceId, asMessageId } from '../../core/ids.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { TestGateway } from '../../http/test-gateway.ts'
import type { FakeSession } from '../../whatsapp/fake-session.ts'
import { aFakeAccount, aTextMessage } from '../../whatsapp/fake-session.ts'
import { makeJid } from '../../whatsapp/jid.ts'

const budi = '6281299999999@s.whatsapp.net'
const scope = { deviceId: asDeviceId('main'), account: aFakeAccount().jid }

describeEachDialect('POST /send/message', (open) => {
  let gateway: TestGateway
  let session: FakeSession

  beforeEach(async () => {
    gateway = new TestGateway(await open())
    session = await gateway.devices.addLinked('main')
  })

  function send(body: object, headers: Record<string, string> = {}) {
    return gateway.post('/send/message', body, headers)
  }

  function messageIdOf(answer: { body: Record<string, unknown> }): string {
    return (answer.body['results'] as { message_id: string }).message_id // the contract's shape, asserted where it matters
  }

  async function statusOf(id: string): Promise<string | undefined> {
    return (await gateway.history.messages.get(scope, asMessageId(id)))?.status
  }

  it('sends, records, and answers with WhatsApp’s time', async () => {
    const answer = await send({ phone: '6281299999999', message: 'hi' })
    const status = `Message sent to ${budi} (server timestamp: 2026-01-01 00:00:00 +0000 UTC)`
    const id = messageIdOf(answer)
    expect(answer).toEqual({
      status: 200,
      body: { code: 'SUCCESS', message: status, results: { message_id: id, status } },
    })
    expect(session.sends).toEqual([{ to: budi, id, content: { kind: 'text', text: 'hi', context: {} } }])
    expect(await statusOf(id)).toBe('sent')
    expect(await gateway.history.messages.rawMessage(scope.deviceId, asMessageId(id))).not.toBeNull()
  })

  it('takes forms', async () => {
    const app = await gateway.app()
    const answer = await app.inject({
      method: 'POST',
      url: '/send/message',
      payload: 'phone=%2B6281299999999&message=hi&is_forwarded=true&duration=3600&reply_message_id=',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer.json()).toMatchObject({
      message: expect.stringContaining(`Message sent to +${budi}`) as unknown,
    })
    expect(session.sends[0]).toMatchObject({
      to: budi,
      content: { context: { isForwarded: true, expirationSeconds: 3600 } },
    })
  })

  it('mentions people of the text and of the list, and everyone', async () => {
    await send({ phone: '120363000000000001@g.us', message: 'hi @6281', mentions: ['6282', '@everyone'] })
    expect(session.sends[0]?.content.context.mentions).toEqual({
      people: ['6281@s.whatsapp.net', '6282@s.whatsapp.net'],
      everyone: true,
    })
  })

  it('quotes what it replies to, and sends without a quote when that is unknown', async () => {
    const incoming = aTextMessage()
    await session.receive({ type: 'message.received', message: incoming, isOffline: false })
    await send({ phone: budi, message: 'yes', reply_message_id: incoming.id })
    await send({ phone: budi, message: 'no', reply_message_id: 'UNKNOWN' })
    expect(session.sends.map((sent) => sent.content.context.quoted?.id)).toEqual([incoming.id, undefined])
    const quoted = session.sends[0]?.content.context.quoted
    expect(quoted).toMatchObject({ chat: incoming.chat, sender: incoming.sender, isFromMe: false })
    expect(Buffer.from(quoted?.raw ?? [])).toEqual(Buffer.from(incoming.raw))
  })

  it('puts the chat’s timer on a message that names none', async () => {
    const message = aTextMessage({ expirationSeconds: 86_400 })
    await session.receive({ type: 'message.received', message, isOffline: false })
    await send({ phone: budi, message: 'a' })
    await send({ phone: budi, message: 'b', duration: 604_800 })
    await send({ phone: budi, message: 'c', duration: 0 })
    expect(session.sends.map((sent) => sent.content.context.expirationSeconds)).toEqual([
      86_400, 604_800, 86_400,
    ])
  })

  it.each([
    [{}, 400, 'VALIDATION_ERROR', 'message: cannot be blank; phone: cannot be blank.'],
    [{ phone: '0812', message: '' }, 400, 'VALIDATION_ERROR', 'message: cannot be blank.'],
    [
      { phone: '+0812', message: 'hi', duration: -1 },
      400,
      'VALIDATION_ERROR',
      'phone number must be in international format (should not start with 0). For Indonesian numbers, use 62xxx format instead of 08xxx',
    ],
    [{ phone: ' ', message: 'hi' }, 400, 'VALIDATION_ERROR', 'phone number cannot be empty'],
    [
      { phone: '628', message: 'hi', mentions: ['0812'], duration: 7_776_001 },
      400,
      'VALIDATION_ERROR',
      'mention 0812: phone number must be in international format',
    ],
    [
      { phone: '628', message: 'hi', duration: 7_776_001 },
      400,
      'VALIDATION_ERROR',
      'duration must be between 0 (no expiry) and 7776000 (90d) seconds',
    ],
    [
      { phone: '628', message: 'hi', duration: '3600' },
      400,
      'VALIDATION_ERROR',
      'duration: must be a number.',
    ],
    [{ phone: 628, message: 'hi' }, 400, 'VALIDATION_ERROR', 'phone: must be a string.'],
    [
      { phone: '628', message: 'hi', mentions: [''] },
      400,
      'VALIDATION_ERROR',
      'mentions: (0: cannot be blank.).',
    ],
    [[], 400, 'BAD_REQUEST', 'Invalid request body'],
    [{ phone: '62800', message: 'hi' }, 400, 'INVALID_JID', 'Phone 62800@s.whatsapp.net is not on whatsapp'],
    [{ phone: 'ani@example.com', message: 'hi' }, 400, 'INVALID_JID', 'invalid JID ani@example.com'],
  ])('refuses %j', async (body, status, code, message) => {
    gateway.devices.engine.hide(makeJid('62800', 's.whatsapp.net'))
    expect(await send(body)).toEqual({ status, body: { code, message } })
    expect(session.sends).toEqual([])
  })

  it('validates before it looks at the connection, and at the connection before the number', async () => {
    gateway.devices.engine.hide(makeJid('62800', 's.whatsapp.net'))
    await gateway.devices.add('fresh')
    const fresh = { 'x-device-id': 'fresh' }
    expect((await send({ phone: '62800' }, fresh)).body).toMatchObject({ code: 'VALIDATION_ERROR' })
    expect(await send({ phone: '62800', message: 'hi' }, fresh)).toEqual({
      status: 401,
      body: { code: 'AUTHENTICATION_ERROR', message: 'you are not logged in' },
    })
    gateway.devices.engine.answersByItself = false
    session.drop()
    expect(await send({ phone: '62800', message: 'hi' }, { 'x-device-id': 'main' })).toEqual({
      status: 401,
      body: {
        code: 'AUTHENTICATION_ERROR',
        message: 'you are not connect to services server, please reconnect',
      },
    })
  })

  it('names WhatsApp’s refusal and records it', async () => {
    gateway.devices.engine.refuseSends(
      new AppError('reachout_timelocked', { details: { whatsappCode: 463 } }),
    )
    const answer = await send({ phone: budi, message: 'hi' })
    const id = messageIdOf(answer)
    expect(answer).toMatchObject({
      status: 429,
      body: { code: 'WA_REACHOUT_TIMELOCK', results: { whatsapp_code: 463, message_id: id } },
    })
    expect(await statusOf(id)).toBe('failed')
  })

  it('tells an unknown outcome with the message’s id, and leaves the row to the receipt', async () => {
    gateway.devices.engine.holdAcks()
    const sending = send({ phone: budi, message: 'hi' })
    await gateway.devices.until(() => expect(session.sends).toHaveLength(1))
    session.drop()
    const answer = await sending
    const id = messageIdOf(answer)
    expect(answer).toMatchObject({
      status: 504,
      body: { code: 'SEND_OUTCOME_UNKNOWN', results: { message_id: id } },
    })
    expect(id).toBe(session.sends[0]?.id)
    expect(await statusOf(id)).toBe('pending')
  })

  it('answers a defect of the session neutrally and does not call the message failed', async () => {
    gateway.devices.engine.refuseSends(new TypeError('x is not a function') as AppError) // what a defect throws
    const answer = await send({ phone: budi, message: 'hi' })
    expect(answer).toEqual({
      status: 500,
      body: { code: 'INTERNAL_SERVER_ERROR', message: 'internal error' },
    })
    expect(await statusOf(session.sends[0]?.id ?? '')).toBe('pending')
  })

  // === Idempotency-Key

  const key = { 'idempotency-key': 'order-1' }

  it('sends once under a key, and repeats the very answer', async () => {
    const first = await send({ phone: budi, message: 'hi' }, key)
    gateway.devices.clock.advance(60_000)
    expect(await send({ message: 'hi', phone: budi }, key)).toEqual(first)
    expect(session.sends).toHaveLength(1)
  })

  it('refuses a second request under a running key, and another body', async () => {
    gateway.devices.engine.holdAcks()
    const first = send({ phone: budi, message: 'hi' }, key)
    await gateway.devices.until(() => expect(session.sends).toHaveLength(1))
    expect(await send({ phone: budi, message: 'hi' }, key)).toMatchObject({
      status: 409,
      body: { code: 'IDEMPOTENCY_IN_PROGRESS' },
    })
    expect(await send({ phone: budi, message: 'ho' }, key)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    })
    session.releaseAcks()
    expect(await first).toMatchObject({ status: 200 })
  })

  it('repeats a refusal under a key with status and body', async () => {
    gateway.devices.engine.refuseSends(new AppError('whatsapp_refused', { details: { whatsappCode: 403 } }))
    const first = await send({ phone: budi, message: 'hi' }, key)
    gateway.devices.engine.refuseSends(null)
    expect(first.status).toBe(403)
    expect(await send({ phone: budi, message: 'hi' }, key)).toEqual(first)
    expect(session.sends).toHaveLength(1)
  })

  it('lets a key be used again after the device was not connected', async () => {
    await gateway.devices.add('fresh')
    const fresh = { ...key, 'x-device-id': 'fresh' }
    expect((await send({ phone: budi, message: 'hi' }, fresh)).status).toBe(401)
    await gateway.devices.sessions.login(asDeviceId('fresh'))
    gateway.devices.engine.session(asDeviceId('fresh')).scan(aFakeAccount('6281200000002'))
    await gateway.devices.open('fresh')
    expect((await send({ phone: budi, message: 'hi' }, fresh)).status).toBe(200)
  })

  it('never sends again what may have left, and answers with the truth once it is known', async () => {
    gateway.devices.engine.holdAcks()
    const sending = send({ phone: budi, message: 'hi' }, key)
    await gateway.devices.until(() => expect(session.sends).toHaveLength(1))
    session.drop()
    const first = await sending
    const id = messageIdOf(first)
    expect(await send({ phone: budi, message: 'hi' }, key)).toEqual(first)
    const at = new Date('2026-01-01T00:00:30Z')
    await gateway.history.inbox.apply(scope.deviceId, scope.account, [
      { type: 'message.accepted', chat: makeJid('6281299999999', 's.whatsapp.net'), id: asMessageId(id), at },
    ])
    expect(await send({ phone: budi, message: 'hi' }, key)).toMatchObject({
      status: 200,
      body: {
        message: `Message sent to ${budi} (server timestamp: 2026-01-01 00:00:30 +0000 UTC)`,
        results: { message_id: id },
      },
    })
    expect(session.sends).toHaveLength(1)
  })

  it('is answered from the row after a crash in the middle of a send, and nothing is sent again', async () => {
    gateway.devices.engine.holdAcks()
    void send({ phone: budi, message: 'hi' }, key)
    await gateway.devices.until(() => expect(session.sends).toHaveLength(1))
    const id = asMessageId(session.sends[0]?.id ?? '')

    const restarted = new TestGateway(gateway.database)
    restarted.devices.engine.link(scope.deviceId)
    await restarted.devices.sessions.start()
    const session2 = await restarted.devices.open('main')
    const repeat = () => restarted.post('/send/message', { phone: budi, message: 'hi' }, key)
    expect(await repeat()).toMatchObject({ status: 504, body: { results: { message_id: id } } })
    const receipt = {
      chat: makeJid('6281299999999', 's.whatsapp.net'),
      messageIds: [id],
      from: makeJid('6281299999999', 's.whatsapp.net'),
      fromDevice: 0,
      participant: null,
      receiptType: 'delivered',
      at: new Date('2026-01-01T00:01:00Z'),
    } as const
    await session2.receive({ type: 'receipt.updated', receipt })
    expect(await repeat()).toMatchObject({ status: 200, body: { results: { message_id: id } } })
    expect(session2.sends).toEqual([])
  })

  it('refuses what is no key', async () => {
    const answer = await send({ phone: budi, message: 'hi' }, { 'idempotency-key': 'x'.repeat(256) })
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } })
    expect(session.sends).toEqual([])
  })
})
