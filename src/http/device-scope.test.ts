import { describe, expect, it } from 'vitest'
import { aServer, basic, someDevices } from './test-server.ts'

const account = '6281200000001@s.whatsapp.net'
const two = { main: account, 'second one': '6281200000002@s.whatsapp.net', 'toko é 漢': '' }

/** UTF-8 bytes as Node shows them in a header. */
function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

async function ask(slots: Record<string, string>, headers: Record<string, string> = {}, url = '/scoped') {
  const app = await aServer({ devices: someDevices(slots) })
  return app.inject({ url, headers })
}

describe('the device of a request', () => {
  it.each([
    ['the header', { 'x-device-id': 'main' }, '/scoped', 'main'],
    ['the header, percent-encoded', { 'x-device-id': 'second%20one' }, '/scoped', 'second one'],
    ['the header in plain UTF-8', { 'x-device-id': latin1('toko é 漢') }, '/scoped', 'toko é 漢'],
    ['the query', {}, '/scoped?device_id=second%20one', 'second one'],
    ['the header before the query', { 'x-device-id': 'main' }, '/scoped?device_id=second%20one', 'main'],
    ['the query when the header is blank', { 'x-device-id': '  ' }, '/scoped?device_id=main', 'main'],
    ["its account's JID", { 'x-device-id': account }, '/scoped', 'main'],
    [
      'a JID with device part, encoded',
      { 'x-device-id': '6281200000001%3A12%40s.whatsapp.net' },
      '/scoped',
      'main',
    ],
  ])('is named by %s', async (_title, headers: Record<string, string>, url, expected) => {
    const answer = await ask(two, headers, url)
    expect(answer.json()).toEqual({ code: 'SUCCESS', message: 'scoped', results: { deviceId: expected } })
  })

  it('is the only slot when nothing names one', async () => {
    expect((await ask({ main: '' })).json()).toMatchObject({ results: { deviceId: 'main' } })
  })

  it.each([
    ['there is none', {}],
    ['there are several', two],
  ])('is asked for when %s', async (_title, slots) => {
    const answer = await ask(slots)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toEqual({
      code: 'DEVICE_ID_REQUIRED',
      message: 'device_id is required via X-Device-Id header or device_id query',
    })
  })

  it('is not found under an unknown id', async () => {
    const answer = await ask(two, { 'x-device-id': '100%' })
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toEqual({
      code: 'DEVICE_NOT_FOUND',
      message: 'device not found; create a device first from /api/devices or provide a valid X-Device-Id',
      results: { device_id: '100%' },
    })
  })

  it('must be named by id when two slots are linked to one account', async () => {
    const answer = await ask({ a: account, b: account }, { 'x-device-id': account })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'DEVICE_ID_REQUIRED' })
  })

  it('comes after the credentials and before the body', async () => {
    const app = await aServer({ config: { basicAuth: [{ user: 'u', password: 'p' }] } })
    const broken = {
      method: 'POST',
      url: '/scoped',
      payload: '{',
      headers: { 'content-type': 'application/json' },
    } as const
    expect((await app.inject(broken)).statusCode).toBe(401)
    const withCredentials = { ...broken, headers: { ...broken.headers, ...basic('u', 'p') } }
    expect((await app.inject(withCredentials)).json()).toMatchObject({ code: 'DEVICE_ID_REQUIRED' })
  })
})
