import { describe, expect, it } from 'vitest'
import { aServer, basic } from './test-server.ts'

const problem = 'application/problem+json'

describe('problem details (RFC 9457)', () => {
  it('are for those who name them', async () => {
    const app = await aServer()
    for (const accept of [problem, `application/json, ${problem};q=0.5`, 'APPLICATION/Problem+JSON']) {
      const answer = await app.inject({
        url: '/nowhere',
        headers: { accept, 'x-request-id': 'r 1', host: 'localhost' },
      })
      expect(answer.headers['content-type'], accept).toBe(problem)
      expect(answer.json()).toMatchObject({
        type: 'urn:gatewa:error:route_not_found',
        status: 404,
        detail: expect.any(String) as string,
        code: 'NOT_FOUND',
      })
      expect(answer.statusCode).toBe(404)
    }
    for (const accept of [
      '*/*',
      'application/*',
      'application/json',
      `${problem};q=0`,
      `${problem};q=0.0`,
      '',
    ]) {
      const answer = await app.inject({ url: '/nowhere', headers: { accept, host: 'localhost' } })
      expect(answer.headers['content-type'], accept).toBe('application/json')
      expect(answer.json()).not.toHaveProperty('type')
    }
  })

  it('have the facts of the error, and tell of missing credentials as well', async () => {
    const app = await aServer({ config: { basicAuth: [{ user: 'u', password: 'p' }] } })
    const bare = await app.inject({ url: '/scoped', headers: { accept: problem } })
    expect(bare.statusCode).toBe(401)
    expect(bare.headers['www-authenticate']).toBe('basic realm=Restricted')
    expect(bare.json()).toMatchObject({
      type: 'urn:gatewa:error:unauthorized',
      status: 401,
      code: 'UNAUTHORIZED',
    })
    const headers = { accept: problem, 'x-device-id': 'none', 'x-request-id': 'r-1', ...basic('u', 'p') }
    const answer = await app.inject({ url: '/scoped', headers })
    expect(answer.json()).toMatchObject({
      type: 'urn:gatewa:error:device_not_found',
      instance: 'urn:gatewa:request:r-1',
      results: { device_id: 'none' },
    })
  })
})
