import { createHash, randomBytes } from 'node:crypto'
import { request } from 'node:https'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { MediaHost } from './media-host.ts'

interface Answer {
  status: number
  body: Buffer
  headers: Record<string, unknown>
}

describe('the media host', () => {
  let host: MediaHost | undefined
  afterEach(async () => {
    await host?.close()
    host = undefined
  })

  async function call(
    path: string,
    options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {},
  ): Promise<Answer> {
    if (host === undefined) throw new Error('not started')
    const { caPem } = host
    const url = `https://${host.host}${path}`
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        { ca: caPem, method: options.method ?? 'GET', headers: options.headers ?? {}, agent: false },
        (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks), headers: answer.headers }),
          )
        },
      )
      sent.on('error', reject)
      sent.end(options.body)
    })
  }

  async function start(): Promise<MediaHost> {
    host = await MediaHost.start({ host: '127.0.0.1', port: 0, logger: pino({ level: 'silent' }) })
    return host
  }

  it('gives back what was uploaded, whole and in ranges, over trusted https', async () => {
    const { auth } = await start()
    const file = randomBytes(5_000)
    const hash = createHash('sha256').update(file).digest('base64url')
    const uploaded = await call(`/mms/image/${hash}?auth=${auth}&token=${hash}`, {
      method: 'POST',
      body: file,
    })
    expect(uploaded.status).toBe(200)
    const { direct_path: path } = JSON.parse(uploaded.body.toString()) as { direct_path: string }
    expect((await call(path)).body).toEqual(file)
    const part = await call(path, { headers: { range: 'bytes=100-199' } })
    expect(part.status).toBe(206)
    expect(part.body).toEqual(file.subarray(100, 200))
  })

  it('refuses an upload without the token of media_conn and one whose hash does not fit', async () => {
    const { auth } = await start()
    const file = Buffer.from('x')
    const hash = createHash('sha256').update(file).digest('base64url')
    expect((await call(`/mms/image/${hash}?auth=wrong`, { method: 'POST', body: file })).status).toBe(403)
    expect(
      (await call(`/mms/image/${hash}?auth=${auth}`, { method: 'POST', body: Buffer.from('y') })).status,
    ).toBe(400)
  })

  it('answers expired media as told', async () => {
    const started = await start()
    const stored = started.store('image', Buffer.from('bytes'))
    stored.failure = 410
    expect((await call(stored.directPath)).status).toBe(410)
    expect((await call('/v/unknown')).status).toBe(404)
  })
})
