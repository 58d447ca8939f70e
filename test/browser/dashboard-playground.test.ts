import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Gateway, TestWorld } from '../harness.ts'
import { DashboardBrowser, notInstalled } from './dashboard.ts'
import { type DocumentedOperation, documentedOperations, fillEverything } from './playground-forms.ts'

const run = promisify(execFile)
const story = { timeout: 180_000 }
/** Everything that a shell could take for its own. */
const nasty = `it's "5 €", $HOME \`id\` \\n !x; #y & <z> *\nand on 😀`
const photoName = `it's; "a" photo, type=x.png`

async function hasCurl(): Promise<boolean> {
  return run('curl', ['--version']).then(
    () => true,
    () => false,
  )
}

describe('the playground of the dashboard', () => {
  let world: TestWorld
  let gateway: Gateway
  let browser: DashboardBrowser | null
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewa-playground-'))
    world = await TestWorld.open('sqlite', { settings: { APP_BASIC_AUTH: 'ana:secret' } })
    browser = await DashboardBrowser.start()
    gateway = await world.startGateway()
    gateway.headers = { authorization: `Basic ${btoa('ana:secret')}` }
  })
  afterEach(async () => {
    await browser?.close()
    await world.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function signedIn(look = {}): Promise<Page> {
    if (browser === null) throw new Error(notInstalled)
    const page = await browser.open(`${gateway.url}/#/playground`, look)
    await page.getByLabel('User name').fill('ana')
    await page.getByLabel('Password').fill('secret')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Playground' }).waitFor()
    return page
  }

  const commandOn = async (page: Page) =>
    (await page.getByLabel('Command', { exact: true }).textContent()) ?? ''

  /** Opens an operation's form. */
  async function open(page: Page, { id, summary }: Pick<DocumentedOperation, 'id' | 'summary'>) {
    await page.goto(`${gateway.url}/#/playground/${id}`)
    await page.getByRole('form', { name: summary, exact: true }).waitFor()
  }

  it(
    'has a form for every operation, and its command line carries all that is filled in',
    story,
    async ({ skip }) => {
      if (browser === null) return skip(notInstalled)
      const operations = await documentedOperations(gateway)
      expect(operations.length).toBeGreaterThan(100)
      const page = await signedIn()
      await page.getByText('Choose an operation').waitFor()
      expect(await page.getByRole('region', { name: 'Operations' }).getByRole('link').count()).toBe(
        operations.length,
      )
      for (const operation of operations) {
        await open(page, operation)
        await page.evaluate(fillEverything, { text: nasty, fileName: photoName })
        // The shell itself says which words it made of the line.
        const script = `curl() { printf '%s\\0' "$@"; }\n${await commandOn(page)}`
        const words = (await run('sh', ['-c', script], { encoding: 'utf8' })).stdout.split('\0').slice(0, -1)
        expect(words.join('\n'), operation.id).toContain(operation.path.split('{')[0])
        operation.expectAll(words, { text: nasty, fileName: photoName })
      }
      expect(await browser.accessibility(page)).toEqual([])
      await page.getByLabel('Search operations').fill('poll send')
      await page.getByRole('link', { name: '/send/poll' }).waitFor()
      expect(await page.getByRole('region', { name: 'Operations' }).getByRole('link').count()).toBeLessThan(4)
      expect(browser.troubles).toEqual([])
    },
  )

  it('does what it says, and so does its command when pasted', story, async ({ skip }) => {
    if (browser === null) return skip(notInstalled)
    if (!(await hasCurl())) return skip('curl is not installed')
    const [ada, bo] = [
      world.simulator.addPerson({ name: 'Ada' }),
      world.simulator.addPerson({ name: 'Bo', phone: '15550100002' }),
    ]
    await gateway.link(ada, 'main')
    const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#27a' } })
      .png()
      .toBuffer()
    await writeFile(join(folder, photoName), picture)
    const page = await signedIn()
    const answer = page.getByRole('region', { name: 'Answer' })

    /** Runs the form, then its command, and gives what both answered. */
    async function both(): Promise<readonly [form: Answered, command: Answered]> {
      await page.getByRole('button', { name: /^(Run|Fetch)$/ }).click()
      const status = Number.parseInt((await answer.getByRole('status').textContent()) ?? '', 10)
      const shown = answer.getByLabel('What was answered')
      const form = { status, text: (await shown.count()) === 0 ? '' : ((await shown.textContent()) ?? '') }
      const line = (await commandOn(page)).replace('<user>:<password>', 'ana:secret')
      const script = `${line} -s -o answer -w '%{http_code}'`
      const { stdout } = await run('sh', ['-c', script], { cwd: folder })
      return [form, { status: Number(stdout), text: await readFile(join(folder, 'answer'), 'utf8') }]
    }
    const fill = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text)

    await open(page, { id: 'appInfo', summary: 'About this gateway' })
    const [info, infoAgain] = await both()
    expect(info.status).toBe(200)
    expect(JSON.parse(info.text)).toEqual(JSON.parse(infoAgain.text))

    await open(page, await named('sendMessage'))
    expect(await page.getByLabel('X-Device-Id', { exact: true }).inputValue()).toBe('main')
    await fill('phone *', bo.phone)
    await fill('message *', nasty)
    expect(await both()).toMatchObject([{ status: 200 }, { status: 200 }])
    await expect.poll(() => bo.inbox.filter(({ text }) => text === nasty).length).toBe(2)
    await page.getByLabel('Only check it').check()
    const [checked, checkedToo] = await both()
    expect([checked.status, checkedToo.status]).toEqual([200, 200])
    expect(bo.inbox.filter(({ text }) => text === nasty)).toHaveLength(2)
    await page.getByLabel('Only check it').uncheck()
    await page.getByLabel('Write the JSON by hand').check()
    await fill('Body', `{"phone":"${bo.phone}","message":"by hand"}`)
    expect(await both()).toMatchObject([{ status: 200 }, { status: 200 }])
    await bo.receives('by hand')
    await fill('Body', '{')
    const [broken, brokenToo] = await both()
    expect([broken.status, brokenToo.status]).toEqual([400, 400])

    await open(page, await named('sendImage'))
    await fill('phone *', bo.phone)
    await page.getByLabel('image', { exact: true }).setInputFiles(join(folder, photoName))
    await fill('caption', nasty)
    await page.getByLabel('compress').selectOption('false')
    expect(await both()).toMatchObject([{ status: 200 }, { status: 200 }])
    // Browsers end the lines of a multipart form's texts with CR and LF, as HTML asks for.
    const photos = () => bo.inbox.filter(({ text }) => text.replace('\r\n', '\n') === nasty).slice(2)
    await expect.poll(() => photos().length).toBe(2)
    expect(photos().map(({ message }) => message.imageMessage?.width)).toEqual([40, 40])

    await open(page, await named('sendPoll'))
    await fill('phone *', bo.phone)
    await fill('question *', 'Which?')
    await fill('max_answer *', '1')
    await page.getByRole('button', { name: 'Add to options' }).click()
    await page.getByRole('button', { name: 'Add to options' }).click()
    await fill('options 1', "Bo's")
    await fill('options 2', 'Ada’s')
    await page.getByRole('button', { name: 'Add to options' }).click()
    await page.getByRole('button', { name: 'Remove options 3' }).click()
    expect(await both()).toMatchObject([{ status: 200 }, { status: 200 }])

    await open(page, await named('createDeviceWebhook'))
    await fill('url *', 'http://127.0.0.1:9/')
    await page.getByRole('button', { name: 'Add to headers' }).click()
    await fill('key *', 'X-Shop')
    await fill('value *', "Bo's $hop")
    await page.getByLabel('format').selectOption('cloudevents')
    const [endpoint, endpointToo] = await both()
    expect([endpoint.status, endpointToo.status, endpoint.text]).toEqual([200, 200, endpoint.text])
    expect(endpoint.text).toContain('X-Shop')
    expect(endpointToo.text).toContain('cloudevents')
    expect(await browser.accessibility(page)).toEqual([])

    await gateway.addSlot('other')
    const { json: login } = await gateway.call('GET', '/devices/other/login')
    const { qr_link: link } = login.results ?? { qr_link: '' }
    await open(page, await named('qrCodePicture'))
    await fill('file *', link.slice(link.lastIndexOf('/') + 1))
    const [, file] = await both()
    expect(file.status).toBe(200)
    const seen = answer.getByRole('img', { name: 'The answer' })
    await seen.waitFor()
    expect(await seen.evaluate((image: { naturalWidth?: number }) => image.naturalWidth)).toBe(512)

    await open(page, await named('getDevice'))
    await fill('device_id *', 'nobody?')
    const [missing, missingToo] = await both()
    expect([missing.status, missingToo.status]).toEqual([404, 404])
    await answer.getByText('x-request-id').waitFor()
    expect(JSON.parse(missing.text)).toEqual(JSON.parse(missingToo.text))
    await fill('device_id *', '')
    await page.getByRole('button', { name: 'Fetch' }).click()
    await page.getByRole('alert').filter({ hasText: 'device_id is part of the path' }).waitFor()

    await open(page, await named('health'))
    expect(await both()).toMatchObject([{ status: 200 }, { status: 200 }])
    expect(browser.troubles).toEqual([])
  })

  it('is of use on a phone, and names an API key’s place in the command', story, async ({ skip }) => {
    if (browser === null) return skip(notInstalled)
    const made = await gateway.call('POST', '/keys', { body: { name: 'try', scopes: ['read'] } })
    const { key } = made.json.results ?? { key: '' }
    const page = await browser.open(`${gateway.url}/#/playground`, { isNarrow: true, scheme: 'dark' })
    await page.getByRole('tab', { name: 'API key' }).click()
    await page.getByLabel('Key', { exact: true }).fill(key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Search operations').fill('keys')
    expect(await browser.accessibility(page)).toEqual([])
    await page.getByRole('link', { name: /^List API keys/ }).click()
    expect(await commandOn(page)).toContain("-H 'Authorization: Bearer <key>'")
    expect(await commandOn(page)).not.toContain(key)
    await page.getByRole('button', { name: 'Fetch' }).click()
    await page.getByRole('region', { name: 'Answer' }).getByText('it needs the scope admin').waitFor()
    expect(await browser.accessibility(page)).toEqual([])
    await page.getByRole('link', { name: 'All operations' }).click()
    await page.getByLabel('Search operations').waitFor()
    expect(browser.troubles).toEqual([])
  })

  async function named(id: string): Promise<DocumentedOperation> {
    const operation = (await documentedOperations(gateway)).find((each) => each.id === id)
    if (operation === undefined) throw new Error(`there is no operation ${id}`)
    return operation
  }
})

interface Answered {
  readonly status: number
  readonly text: string
}
