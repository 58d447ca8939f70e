import { connect } from 'node:net'
import Fastify from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { describe, expect, it } from 'vitest'
import type { HttpApp } from './http-app.ts'
import { limitArrival } from './request-time.ts'

describe('a request body that dribbles in', () => {
  const send = async (app: HttpApp, path: string, body: string, length: number) => {
    const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(url.port), '127.0.0.1')
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n${body}`,
    )
    const answer = await new Promise<string>((resolve) => {
      socket.once('data', (data) => resolve(data.toString()))
    })
    socket.destroy()
    await app.close()
    return answer
  }
  const anApp = () => {
    const app: HttpApp = Fastify().withTypeProvider<ZodTypeProvider>()
    limitArrival(app, 100)
    app.post('/', async (request) => request.body)
    return app
  }

  it('is answered with 408', async () => {
    expect(await send(anApp(), '/', 'abc', 10)).toMatch(/^HTTP\/1.1 408 /)
  })

  it('is no matter once it is there', async () => {
    expect(await send(anApp(), '/', 'abc', 3)).toMatch(/^HTTP\/1.1 200 [^]*abc$/)
  })
})
