import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../../index.ts'
import { PlainClient } from '../../testing/plain-client.ts'

let simulator: Simulator
let client: PlainClient | undefined

beforeEach(async () => {
  simulator = await startSimulator({ controlPort: 0 })
})

afterEach(async () => {
  await client?.close()
  client = undefined
  await simulator.close()
})

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; json: never }> {
  const answer = await fetch(`${simulator.controlUrl}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return { status: answer.status, json: (await answer.json()) as never } // each test names the shape it expects
}

describe('the control API', () => {
  it('links a client, writes as a contact and shows what arrived', async () => {
    const ada = await call('POST', '/people', { name: 'Ada', phone: '15551230001' })
    const bo = await call('POST', '/people', { name: 'Bo', phone: '15551230002' })
    expect([ada.status, bo.status]).toEqual([200, 200])
    client = new PlainClient(simulator)
    const scanned = await call('POST', '/people/15551230001/scan', { qr: await client.qr() })
    expect(scanned.json).toMatchObject({ device: 1 })
    await client.opened()
    await call('POST', '/people/15551230002/messages', { to: '15551230001', text: 'hello' })
    await client.receivesText('hello')
    await client.socket.sendMessage('15551230002@s.whatsapp.net', { text: 'hi back' })
    await simulator.people[1]?.receives('hi back')
    const inbox = await call('GET', '/people/15551230002/inbox')
    expect(inbox.json).toMatchObject([{ text: 'hi back', copies: 1 }])
  })

  it('shows a phone as it is: both sides of a chat, reactions, and whom the written reached', async () => {
    const ada = simulator.addPerson({ name: 'Ada', phone: '15551230001', behaviour: { reads: true } })
    const bo = simulator.addPerson({ name: 'Bo', phone: '15551230002', behaviour: { reactsWith: '👍' } })
    const shown = async (phone: string) => (await call('GET', `/people/${phone}/messages`)).json as object[]
    const sent = await call('POST', '/people/15551230002/messages', { to: '15551230001', text: 'hello' })
    const { id } = sent.json as { id: string }
    await bo.getsReceipt({ id }, 'read')
    await expect
      .poll(() => shown('15551230002'))
      .toMatchObject([
        { id, is_own: true, text: 'hello', kind: 'text', chat: ada.jid, read_by: ['15551230001'] },
      ])
    expect(await shown('15551230001')).toMatchObject([
      { id, is_own: false, from: '15551230002', from_name: 'Bo', chat: bo.jid, text: 'hello', read_by: [] },
    ])
    const group = simulator.addGroup({ subject: 'Us', owner: ada, members: [ada, bo] })
    const asked = await ada.sendText(group, 'who?')
    const reaction = { chat: group.jid, kind: 'reaction', text: '👍', target: asked.id, from_name: 'Bo' }
    await expect
      .poll(() => shown('15551230001'))
      .toMatchObject([
        { text: 'hello' },
        { chat: group.jid, text: 'who?', is_own: true, delivered_to: ['15551230002'] },
        reaction,
      ])
    await ada.edit(asked, 'who is in?')
    await ada.revoke(asked)
    await expect
      .poll(() => shown('15551230002'))
      .toMatchObject([
        { text: 'hello' },
        { text: 'who?', is_own: false },
        { ...reaction, is_own: true },
        { kind: 'edit', text: 'who is in?', target: asked.id },
        { kind: 'revoke', target: asked.id },
      ])
  })

  it('says what is wrong with a request', async () => {
    expect((await call('GET', '/people/1')).status).toBe(404)
    const { phone } = simulator.addPerson()
    expect(await call('POST', `/people/${phone}/scan`, { qr: 'x'.repeat(30) })).toMatchObject({
      status: 409,
      json: { message: 'this is not the text of a WhatsApp QR code' },
    })
    expect((await call('POST', '/people', { phone: 'x' })).status).toBe(400)
    expect((await call('POST', '/faults', { kind: 'delay' })).status).toBe(400)
  })

  it('describes itself and refuses other web sites', async () => {
    const { json } = await call('GET', '/openapi.json')
    expect(Object.keys((json as { paths: object }).paths)).toContain('/people/{phone}/messages')
    const foreign = await fetch(`${simulator.controlUrl}/people`, {
      headers: { origin: 'https://evil.example' },
    })
    expect(foreign.status).toBe(403)
  })
})
