import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { redPdf } from '../../../../test/sample-files.ts'
import { TestWebServer } from '../../../fetch/test-web-server.ts'
import { PdfPages } from './pdf-pages.ts'
import { hasPdftoppm, TestWorkshop } from './test-workshop.ts'
import type { WorkQueue } from './work-queue.ts'

let test: TestWorkshop
beforeAll(async () => {
  test = await TestWorkshop.open()
})
afterAll(() => test.close())
afterEach(async () => {
  expect(await test.leftovers()).toEqual([])
})

async function prepared(bytes: Uint8Array, fileName: string, options = {}) {
  const media = await test.workshop.prepareDocument(await test.upload(bytes, fileName, 'x/y'), options)
  const sent = await readFile(media.path)
  await media.dispose()
  expect(sent.equals(bytes)).toBe(true)
  return media
}

/** Takes every place of a queue until it is released. */
function holdAll(queue: WorkQueue) {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const over = Promise.all([queue.run(() => released), queue.run(() => released)])
  return { release, over }
}

const png = () =>
  sharp({ create: { width: 400, height: 200, channels: 3, background: '#0a0' } })
    .png()
    .toBuffer()
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')

describe('a document to be sent', () => {
  it.each([
    ['报告.pdf', pdf, 'application/pdf'],
    ['data.csv', Buffer.from('a;b\n1;2\n'), 'text/csv'],
    ['notes', Buffer.from('plain wörds'), 'text/plain'],
    ['page.html', Buffer.from('<!doctype html><p>x'), 'text/html'],
    [
      'table.xls',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      'application/vnd.ms-excel',
    ],
    ['blob', Buffer.from([0, 1, 2, 3, 255]), 'application/octet-stream'],
  ])('%s goes out untouched, with its name and type', async (fileName, bytes, mimeType) => {
    expect(await prepared(bytes, fileName)).toMatchObject({ fileName, mimeType })
  })

  it('is of the type that its bytes show, whatever its name says', async () => {
    expect(await prepared(await png(), 'report.pdf')).toMatchObject({
      mimeType: 'image/png',
      fileName: 'report.pdf',
    })
  })

  it('may be named by the caller, and always has a name', async () => {
    expect(await prepared(pdf, 'a.pdf', { fileName: '../b/Прайс.pdf' })).toMatchObject({
      fileName: 'Прайс.pdf',
    })
    expect(await prepared(pdf, '')).toMatchObject({ fileName: 'file.pdf' })
  })

  it('that is a picture has a thumbnail', async () => {
    const { thumbnail } = await prepared(await png(), 'a.png')
    expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 160, height: 80, format: 'jpeg' })
  })

  it('that is a broken picture is sent without one', async () => {
    const { thumbnail } = await prepared((await png()).subarray(0, 100), 'a.png')
    expect(thumbnail).toBeUndefined()
  })

  it('that is a PDF has its first page as thumbnail', async ({ skip }) => {
    if (!(await hasPdftoppm())) skip('pdftoppm is not installed')
    const { thumbnail } = await prepared(redPdf, 'offer.pdf')
    const page = sharp(thumbnail)
    expect(await page.metadata()).toMatchObject({ width: 113, height: 160, format: 'jpeg' })
    const [red, green, blue] = (await page.stats()).channels.map((channel) => channel.mean)
    expect(red).toBeGreaterThan(240)
    expect(green).toBeLessThan(15)
    expect(blue).toBeLessThan(15)
  })

  it.each([
    ['picture', png],
    ['PDF', async () => redPdf],
  ])(
    'that is a %s waits its turn for the thumbnail, and goes without one where too many wait',
    async (_, make) => {
      const held = holdAll(test.pictures)
      const going = prepared(await make(), 'a.bin')
      await vi.waitFor(() => expect(test.pictures.load.waiting).toBe(1))
      const others = Array.from({ length: 7 }, () => test.pictures.run(async () => undefined))
      expect((await prepared(await make(), 'b.bin')).thumbnail).toBeUndefined()
      held.release()
      await going
      await Promise.all([...others, held.over])
    },
  )

  it('that is a PDF without a page that can be drawn is sent without one', async () => {
    expect((await prepared(pdf, 'a.pdf')).thumbnail).toBeUndefined()
  })

  it('that is a PDF is sent without one where pdftoppm is not installed', async () => {
    const source = await test.upload(redPdf)
    if (source.kind !== 'upload') throw new Error('an upload is one')
    const target = test.newPath()
    expect(await new PdfPages({ searchPath: '/nowhere' }).firstPage(source.file.path, `${target}.jpg`)).toBe(
      false,
    )
  })

  it('is fetched from a URL with the name that the server gives it', async () => {
    const server = new TestWebServer()
    const origin = await server.listen()
    server.respond = (_request, response) =>
      response.setHeader('content-disposition', 'attachment; filename="offer 7.pdf"').end(pdf)
    const media = await test.workshop.prepareDocument({ kind: 'url', url: `${origin}/get?id=7` })
    expect(media).toMatchObject({
      fileName: 'offer 7.pdf',
      mimeType: 'application/pdf',
      sizeBytes: pdf.length,
    })
    await media.dispose()
    await server.close()
  })

  it('of 0 bytes is refused', async () => {
    const going = test.workshop.prepareDocument(await test.upload(Buffer.alloc(0), 'a.txt'))
    await expect(going).rejects.toMatchObject({ code: 'media_empty' })
  })
})
