import iconv from 'iconv-lite'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AddressGuard } from '../../fetch/address-guard.ts'
import { GuardedFetcher } from '../../fetch/guarded-fetcher.ts'
import { TestWebServer } from '../../fetch/test-web-server.ts'
import { LinkPreviews } from './link-previews.ts'
import { readPage } from './page-facts.ts'
import { TestWorkshop } from './workshop/test-workshop.ts'

describe('a web page', () => {
  it.each([
    [
      'its Open Graph tags',
      '<title>a</title><meta property="og:title" content="b"><meta name="twitter:title" content="c">',
      { title: 'b' },
    ],
    [
      'its Twitter tags',
      '<title>a</title><meta name="twitter:title" content="c"><meta name="twitter:image" content="i.png">',
      { title: 'c', image: 'i.png' },
    ],
    [
      'its title',
      '<svg><title>icon</title></svg><title>\n A &amp; B\n </title><title>later</title>',
      { title: 'A & B' },
    ],
    ['its description', '<meta name="Description" content=" d  e ">', { title: '', description: 'd e' }],
    [
      'the first picture of several',
      '<meta property="og:image" content="1.png"><meta property="og:image" content="2.png">',
      { image: '1.png' },
    ],
    [
      'no script',
      '<script>var a = "<meta property=og:title content=x>"</script><title>y</title>',
      { title: 'y' },
    ],
    [
      'what there is when it is cut off',
      '<title>y</title><meta property="og:image" content="1.p',
      { title: 'y', image: '' },
    ],
  ])('is described by %s', (_title, html, facts) => {
    expect(readPage(html)).toMatchObject(facts)
  })

  it('is described shortly', () => {
    expect([...readPage(`<title>${'😀'.repeat(1_000)}</title>`).title]).toHaveLength(300)
  })
})

describe('the preview of a link', () => {
  const server = new TestWebServer()
  let test: TestWorkshop
  let fetcher: GuardedFetcher
  let previews: LinkPreviews
  let origin: string
  let picture: Buffer
  beforeAll(async () => {
    test = await TestWorkshop.open()
    fetcher = new GuardedFetcher({ guard: new AddressGuard(['127.0.0.1']), userAgent: 'test' })
    previews = new LinkPreviews({ fetcher, workshop: test.workshop })
    origin = await server.listen()
    picture = await sharp({ create: { width: 1_200, height: 630, channels: 3, background: '#c00' } })
      .png()
      .toBuffer()
  })
  afterAll(async () => {
    expect(await test.leftovers()).toEqual([])
    await test.close()
    await fetcher.close()
    await server.close()
  })

  /** Serves a page at /page and the picture at /p.png; everything else is not there. */
  function serve(page: string | Buffer, type = 'text/html; charset=utf-8') {
    server.respond = (request, response) => {
      if (request.url === '/page') response.setHeader('content-type', type).end(page)
      else if (request.url === '/p.png') response.setHeader('content-type', 'image/png').end(picture)
      else response.writeHead(404).end('nothing')
    }
  }

  it('has title, description and the picture in two sizes', async () => {
    serve(
      '<meta property="og:title" content="Hello"><meta property="og:description" content="World"><meta property="og:site_name" content="Site"><meta property="og:image" content="p.png">',
    )
    const preview = await previews.fetch(`${origin}/page`)
    expect(preview).toMatchObject({
      url: `${origin}/page`,
      title: 'Hello',
      description: 'World',
      siteName: 'Site',
    })
    expect(await sharp(preview?.image?.path).metadata()).toMatchObject({
      format: 'jpeg',
      width: 600,
      height: 315,
    })
    expect(await sharp(preview?.image?.thumbnail).metadata()).toMatchObject({
      format: 'jpeg',
      width: 160,
      height: 84,
    })
    await preview?.dispose()
  })

  it.each([
    ['utf-8', 'Grüße 你好', 'text/html; charset=utf-8', ''],
    ['windows-1251', 'Привет', 'text/html; charset=windows-1251', ''],
    ['shift_jis', 'こんにちは', 'text/html', '<meta charset="Shift_JIS">'],
    ['gb18030', '你好', 'text/html', '<meta http-equiv="Content-Type" content="text/html; charset=gb18030">'],
    ['utf-16le', '\ufeffGrüße', 'text/html', ''],
    ['utf-8', 'Grüße', 'text/html; charset=nonsense', ''],
    ['utf-8', 'Grüße', 'text/html; charset=hex', ''],
    ['utf-8', 'Grüße', 'text/html', '<meta charset="utf-16">'],
    // What browsers take these names for.
    ['windows-1252', '“It’s 5 €” – Grüße', 'text/html; charset=ISO-8859-1', ''],
    ['windows-1252', '“It’s 5 €” – Grüße', 'text/html', '<meta charset=us-ascii>'],
    ['windows-1254', 'İstanbul’da 5 €', 'text/html; charset=iso-8859-9', ''],
    ['euc-jp', 'こんにちは', 'text/html; charset=x-euc-jp', ''],
  ])('is read in %s', async (charset, title, type, tag) => {
    serve(
      iconv.encode(
        `${title.startsWith('\ufeff') ? '\ufeff' : ''}${tag}<title>${title.replace('\ufeff', '')}</title>`,
        charset,
      ),
      type,
    )
    expect(await previews.fetch(`${origin}/page`)).toMatchObject({ title: title.replace('\ufeff', '') })
  })

  it('of a picture is the picture', async () => {
    serve('')
    const preview = await previews.fetch(`${origin}/p.png`)
    expect(preview).toMatchObject({ title: 'p.png', image: { width: 600 } })
    await preview?.dispose()
  })

  it.each([
    ['is not there', '/missing.png'],
    ['is inside', 'http://192.168.0.1/p.png'],
    ['is no picture', '/page'],
    ['is no URL', 'http://'],
  ])('goes without a picture that %s', async (_title, image) => {
    serve(`<title>t</title><meta property="og:image" content="${image}">`)
    const preview = await previews.fetch(`${origin}/page`)
    expect(preview).toMatchObject({ title: 't' })
    expect(preview?.image).toBeUndefined()
  })

  it('reads no more of a page than its beginning', async () => {
    server.respond = (_request, response) => {
      response.setHeader('content-type', 'text/html').write('<title>long</title>')
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      }
      response.on('drain', more)
      more()
    }
    expect(await previews.fetch(`${origin}/page`)).toMatchObject({ title: 'long' })
  })

  it.each([
    ['a page that is not there', () => serve(''), '/other'],
    ['a page without title', () => serve('<p>x'), '/page'],
    ['what is no page', () => serve('%PDF', 'application/pdf'), '/page'],
    ['an address inside', () => serve(''), 'http://10.0.0.1/'],
    ['what is no URL', () => serve(''), 'not a url'],
  ])('is none for %s', async (_title, prepare, path) => {
    prepare()
    expect(await previews.fetch(path.startsWith('/') ? origin + path : path)).toBeNull()
  })

  it('ends when the caller wants', async () => {
    const caller = new AbortController()
    server.respond = () => caller.abort()
    await expect(previews.fetch(`${origin}/page`, caller.signal)).rejects.toMatchObject({
      code: 'request_aborted',
    })
  })
})
