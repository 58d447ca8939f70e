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

  it('says what is wrong with a request', async () => {
    expect((await call('GET', '/people/1')).status).toBe(404)
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
