import { describe, expect, it } from 'vitest'
import { aServer, someDevices } from './test-server.ts'

const oneDevice = { devices: someDevices({ main: '' }) }

describe('bodies', () => {
  const post = async (payload: string, type?: string) => {
    const app = await aServer(oneDevice)
    return app.inject({
      method: 'POST',
      url: '/scoped',
      payload,
      headers: type === undefined ? {} : { 'content-type': type },
    })
  }

  it.each([
    [
      'JSON',
      '{"name":"a","is_loud":true,"count":3,"words":["x","y"],"other":1}',
      'application/json; charset=utf-8',
    ],
    ['vendor JSON', '{"name":"a","is_loud":true,"count":3,"words":["x","y"]}', 'application/vnd.api+json'],
    ['a form', 'name=b&name=a&is_loud=on&count=3&words=x&words[]=y', 'application/x-www-form-urlencoded'],
    [
      'a multipart form',
      '--B\r\nContent-Disposition: form-data; name="name"\r\n\r\na\r\n--B\r\nContent-Disposition: form-data; name="is_loud"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name="count"\r\n\r\n3\r\n--B\r\nContent-Disposition: form-data; name="words"\r\n\r\nx\r\n--B\r\nContent-Disposition: form-data; name="words"\r\n\r\ny\r\n--B--\r\n',
      'multipart/form-data; boundary=B',
    ],
  ])('are read as %s', async (_title, payload, type) => {
    const answer = await post(payload, type)
    expect(answer.json()).toMatchObject({
      results: { name: 'a', is_loud: true, count: 3, words: ['x', 'y'] },
    })
  })

  it.each([
    ['a form', 'name=one%0D%0Atwo', 'application/x-www-form-urlencoded'],
    [
      'a multipart form',
      '--B\r\nContent-Disposition: form-data; name="name"\r\n\r\none\r\ntwo\r\n--B--\r\n',
      'multipart/form-data; boundary=B',
    ],
  ])('have plain line ends in texts of %s, which browsers write as CR LF', async (_title, payload, type) => {
    expect((await post(payload, type)).json()).toMatchObject({ results: { name: 'one\ntwo' } })
  })

  it('take null for absent', async () => {
    expect((await post('{"name":"a","count":null}', 'application/json')).json()).toMatchObject({
      results: { name: 'a' },
    })
    const answer = await post('{"name":null}', 'application/json')
    expect(answer.json()).toEqual({ code: 'VALIDATION_ERROR', message: 'name: cannot be blank.' })
  })

  it.each([
    ['broken JSON', '{"name":', 'application/json'],
    ['no JSON object', '[]', 'application/json'],
    ['nothing', '', 'application/json'],
    ['nothing, and no type', '', undefined],
    ['an unknown type', '<name>a</name>', 'application/xml'],
    ['a broken multipart form', 'nonsense', 'multipart/form-data; boundary=B'],
    ['a multipart form without boundary', 'nonsense', 'multipart/form-data'],
  ])('of %s are refused with 400', async (_title, payload, type) => {
    const answer = await post(payload, type)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toEqual({ code: 'BAD_REQUEST', message: 'Invalid request body' })
  })

  it.each([
    [
      'application/json',
      '{"name":"a","is_loud":"maybe","count":11}',
      'count: must be no greater than 10; is_loud: must be true or false.',
    ],
    [
      'application/x-www-form-urlencoded',
      'name=a&is_loud=maybe&count=many',
      'count: must be a number; is_loud: must be true or false.',
    ],
  ])('of %s with wrong types are refused by field', async (type, payload, message) => {
    const answer = await post(payload, type)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toEqual({ code: 'VALIDATION_ERROR', message })
  })

  it('that are too large are refused with 413', async () => {
    const answer = await post(`{"name":"${'a'.repeat(1_100_000)}"}`, 'application/json')
    expect(answer.statusCode).toBe(413)
    expect(answer.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  })

  it('do not matter to routes that take none', async () => {
    const app = await aServer()
    for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
      const answer = await app.inject({
        method: 'POST',
        url: '/bare',
        payload: '',
        headers: { 'content-type': type },
      })
      expect(answer.statusCode, type).toBe(200)
    }
  })

  it('do not matter where there is no route', async () => {
    const app = await aServer()
    const answer = async (url: string, type: string) =>
      (await app.inject({ method: 'PUT', url, payload: '{', headers: { 'content-type': type } })).statusCode
    for (const type of ['application/json', 'multipart/form-data', 'text/xml']) {
      expect(await answer('/nothing', type), type).toBe(404)
      expect(await answer('/scoped', type), type).toBe(405)
    }
  })

  it('cannot reach prototypes', async () => {
    const answer = await post('{"name":"a","__proto__":{"count":3}}', 'application/json')
    expect(answer.json()).toEqual({ code: 'SUCCESS', message: 'posted', results: { name: 'a' } })
  })
})
