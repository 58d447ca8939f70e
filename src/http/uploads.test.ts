import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { TempFolder } from '../files/temp-folder.ts'
import { envelopeOf, type HttpApp, type HttpRoutes, ok } from './http-app.ts'
import { aServer, someDevices } from './test-server.ts'
import { uploadedFile } from './uploads.ts'

const limitBytes = 3_000_000

const routes: HttpRoutes = (app) => {
  const body = z.object({
    phone: z.string().min(1),
    caption: z.string().optional(),
    view_once: z.boolean().optional(),
    duration: z.int().min(0).optional(),
  })
  app.post(
    '/send',
    {
      config: { device: 'scoped', upload: { fields: ['image'], limitBytes } },
      schema: { operationId: 'send', body, response: { 200: envelopeOf(z.record(z.string(), z.unknown())) } },
    },
    async (request) => {
      const file = uploadedFile(request, 'image')
      if (file === null) return ok('no file', { body: request.body, file: null })
      const { path, ...told } = file
      const mode = (await stat(path)).mode & 0o777
      return ok('a file', {
        body: request.body,
        file: { ...told, mode, head: (await readFile(path)).toString('latin1', 0, 8) },
      })
    },
  )
}

describe('files in multipart forms', () => {
  let app: HttpApp
  let url: string
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gatewa-uploads-'))
    app = await aServer({
      devices: someDevices({ main: '' }),
      routes: [routes],
      uploads: new TempFolder(dir),
    })
    url = await app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => {
    await app.close()
    await rm(dir, { recursive: true })
  })

  const nothingLeft = () => vi.waitFor(async () => expect(await readdir(dir)).toEqual([]), { timeout: 5_000 })

  async function send(fields: Readonly<Record<string, string | File>>) {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    const answer = await fetch(`${url}/send`, { method: 'POST', body: form })
    return {
      status: answer.status,
      body: (await answer.json()) as { code: string; message: string; results?: Record<string, unknown> },
    }
  }

  it('reach the route as private files that are gone after the answer, beside typed fields', async () => {
    const bytes = Buffer.concat([Buffer.from('PICTURE!'), randomBytes(2_000_000)])
    const file = new File([bytes], '../отчёт 📄.jpg', { type: 'image/jpeg' })
    const answer = await send({ phone: '628', view_once: 'true', duration: '60', image: file })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        results: {
          body: { phone: '628', view_once: true, duration: 60 },
          file: {
            fileName: 'отчёт 📄.jpg',
            claimedType: 'image/jpeg',
            sizeBytes: bytes.length,
            head: 'PICTURE!',
            mode: 0o600,
          },
        },
      },
    })
    await nothingLeft()
  })

  it('may be left out: the same route reads JSON and url-encoded bodies', async () => {
    expect(await send({ phone: '628' })).toMatchObject({
      body: { results: { body: { phone: '628' }, file: null } },
    })
    const json = await app.inject({
      method: 'POST',
      url: '/send',
      payload: { phone: '628', view_once: true },
    })
    expect(json.json()).toMatchObject({ results: { body: { phone: '628', view_once: true }, file: null } })
    const form = await app.inject({
      method: 'POST',
      url: '/send',
      payload: 'phone=628&view_once=true',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(form.json()).toMatchObject({ results: { body: { phone: '628', view_once: true }, file: null } })
  })

  it('leave no room for texts that are large only together', async () => {
    const text = 'x'.repeat(400_000)
    const image = new File([Buffer.from('PICTURE!')], 'a.jpg')
    expect(await send({ phone: '628', image, caption: text, more: text })).toMatchObject({ status: 200 })
    expect(await send({ phone: '628', image, caption: text, more: text, most: text })).toMatchObject({
      status: 413,
      body: { code: 'PAYLOAD_TOO_LARGE' },
    })
    await nothingLeft()
  })

  it('count as left out when a browser sends the field without a choice', async () => {
    const answer = await send({ phone: '628', image: new File([], '') })
    expect(answer.body.results).toMatchObject({ file: null })
    await nothingLeft()
  })

  it('of 0 bytes are files all the same', async () => {
    expect((await send({ phone: '628', image: new File([], 'a.jpg') })).body.results).toMatchObject({
      file: { sizeBytes: 0 },
    })
    await nothingLeft()
  })

  it('in fields that the route does not know are read over', async () => {
    const answer = await send({ other: new File([randomBytes(100_000)], 'x'), phone: '628' })
    expect(answer.body.results).toMatchObject({ body: { phone: '628' }, file: null })
    await nothingLeft()
  })

  it('are gone when the fields are not valid', async () => {
    const answer = await send({ image: new File([randomBytes(10_000)], 'a.jpg'), view_once: 'perhaps' })
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } })
    expect(answer.body.message).toMatch(/phone: cannot be blank.*view_once/)
    await nothingLeft()
  })

  it('over the limit are refused with 413 and leave nothing', async () => {
    const answer = await send({ phone: '628', image: new File([randomBytes(limitBytes + 1)], 'a.jpg') })
    expect(answer).toMatchObject({ status: 413, body: { code: 'MEDIA_TOO_LARGE' } })
    expect(answer.body.message).toBe('the file is larger than 3 MB, which is the limit')
    await nothingLeft()
  })

  it('and fields together may not be larger than the limit and a megabyte', async () => {
    const answer = await send({
      phone: '628',
      image: new File([randomBytes(10)], 'a'),
      other: new File([randomBytes(4_100_000)], 'b'),
    })
    expect(answer).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } })
    await nothingLeft()
  })

  it('come once per field', async () => {
    const form = new FormData()
    for (const name of ['a', 'b']) form.append('image', new File([name], name))
    const answer = await fetch(`${url}/send`, { method: 'POST', body: form })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ code: 'VALIDATION_ERROR', message: 'image: must be one file.' })
    await nothingLeft()
  })

  const head = '--B\r\ncontent-disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'

  it('that never end are refused once they are over the limit', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => socket.destroy())
    socket.write(
      'POST /send HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=B\r\ntransfer-encoding: chunked\r\n\r\n',
    )
    socket.write(`${head.length.toString(16)}\r\n${head}\r\n`)
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536), Buffer.from('\r\n')])
    const more = () => {
      while (socket.writable && socket.write(chunk));
      socket.once('drain', more)
    }
    more()
    const answer = await new Promise<string>((resolve) => {
      let received = ''
      socket.on('data', (data) => {
        received += data.toString()
        if (received.endsWith('}')) resolve(received)
      })
      socket.once('close', () => resolve(received))
    })
    socket.destroy()
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    // The file's limit and the whole form's are passed with the same bytes; either may be seen first.
    expect(answer).toMatch(/(MEDIA|PAYLOAD)_TOO_LARGE/)
    await nothingLeft()
  })

  it('that are refused are read over, so that whoever sends first and reads later reads why', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const failures: string[] = []
    socket.on('error', ({ message }) => failures.push(message))
    const body = Buffer.concat([Buffer.from(head), Buffer.alloc(6_000_000), Buffer.from('\r\n--B--\r\n')])
    socket.pause()
    socket.write(
      `POST /send HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=B\r\ncontent-length: ${body.length}\r\n\r\n`,
    )
    await new Promise<void>((resolve) => socket.write(body, () => resolve()))
    socket.end()
    let answer = ''
    for await (const data of socket) answer += String(data)
    expect(failures).toEqual([])
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    await nothingLeft()
  })

  it('that are refused and never end are cut off', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => socket.destroy())
    socket.write(
      `POST /send HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=B\r\ncontent-length: 90000000\r\n\r\n${head}`,
    )
    let answer = ''
    socket.on('data', (data) => {
      answer += data.toString()
    })
    await new Promise((resolve) => socket.once('close', resolve))
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    await nothingLeft()
  })

  it('that break off leave nothing', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write(
      `POST /send HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=B\r\ncontent-length: 1000000\r\n\r\n${head}`,
    )
    socket.write(randomBytes(200_000))
    await vi.waitFor(async () => expect(await readdir(dir)).toHaveLength(1), { timeout: 5_000 })
    socket.destroy()
    await nothingLeft()
  })

  it.each([
    ['without its end', `${head}abc`],
    ['with nonsense', 'nonsense'],
    ['cut in a header', '--B\r\ncontent-dispo'],
  ])('in a form %s are refused with 400 and leave nothing', async (_title, payload) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/send',
      payload,
      headers: { 'content-type': 'multipart/form-data; boundary=B' },
    })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'BAD_REQUEST' })
    await nothingLeft()
  })

  it('are not read before the device is known', async () => {
    const form = new FormData()
    form.append('image', new File([randomBytes(10_000)], 'a'))
    const answer = await fetch(`${url}/send`, {
      method: 'POST',
      body: form,
      headers: { 'x-device-id': 'nobody' },
    })
    expect(answer.status).toBe(404)
    await nothingLeft()
  })

  it('are in the description of the route', async () => {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, { post: { requestBody: { content: Record<string, unknown> } } }>
    }
    expect(document.paths['/send']?.post.requestBody.content['multipart/form-data']).toMatchObject({
      schema: { properties: { image: { type: 'string', format: 'binary' }, phone: { type: 'string' } } },
    })
  })
})
