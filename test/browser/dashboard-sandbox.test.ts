import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandProcess, commandLine } from '../../src/cli/command-process.ts'
import { TestWorld } from '../harness.ts'
import { DashboardBrowser, notInstalled } from './dashboard.ts'

const story = { timeout: 120_000 }
const alice = '15555550101'

describe('the sandbox in the dashboard', () => {
  let sandbox: CommandProcess
  let browser: DashboardBrowser | null

  beforeEach(async () => {
    browser = await DashboardBrowser.start()
    sandbox = new CommandProcess([commandLine, 'sandbox', '--port', '0'])
  })
  afterEach(async () => {
    await browser?.close()
    sandbox.signal('SIGKILL')
    await sandbox.exitCode()
  })

  /** Where the sandbox says that its gateway is. */
  async function gatewayUrl(): Promise<string> {
    const line = await sandbox.prints('Gateway ')
    return /http:\S+/.exec(line)?.[0] ?? ''
  }

  it('takes a newcomer from nothing to a message sent and answered', story, async ({ skip }) => {
    if (browser === null) return skip(notInstalled)
    const page = await browser.open(await gatewayUrl())
    const startedAt = Date.now()
    const phones = page.getByRole('complementary', { name: 'Simulated phones' })
    await page.getByRole('button', { name: 'Add device' }).click()
    await page.getByRole('button', { name: 'Add and link' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Scan with this phone' }).waitFor()
    expect(await browser.accessibility(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Scan with this phone' }).click()
    await dialog.getByText('is linked to +15555550100').waitFor()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await phones.getByLabel('Whose phone').selectOption({ label: `Alice (+${alice})` })
    await phones.getByLabel('Write as Alice to You').fill('Are you there?')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Chats' }).click()
    await page.getByRole('link', { name: /Alice/ }).click()
    await page.getByLabel('Message', { exact: true }).fill('I am')
    await page.keyboard.press('Enter')
    const messages = page.getByRole('region', { name: 'Messages' })
    await messages.getByText('You said: I am').waitFor()
    const seconds = (Date.now() - startedAt) / 1000
    process.stdout.write(`from nothing to a message sent and answered: ${seconds.toFixed(1)} s\n`)
    expect(seconds).toBeLessThan(60)

    const screen = phones.getByRole('log', { name: 'Messages on Alice’s phone' })
    await screen.getByRole('article', { name: /^You/ }).getByText('I am').waitFor()
    await messages
      .getByRole('article', { name: /^You/ })
      .getByRole('img', { name: 'Read', exact: true })
      .waitFor()
    await screen
      .getByRole('article', { name: /^Alice/ })
      .filter({ hasText: 'You said: I am' })
      .getByRole('img', { name: 'Delivered' })
      .waitFor()
    expect(await browser.accessibility(page)).toEqual([])
    expect(browser.troubles).toEqual([])
  })

  it('links in one click, and plays everybody in the group', story, async ({ skip }) => {
    if (browser === null) return skip(notInstalled)
    const page = await browser.open(await gatewayUrl(), { isNarrow: true, scheme: 'dark' })
    await page.getByRole('button', { name: 'Phones' }).click()
    const phones = page.getByRole('complementary', { name: 'Simulated phones' })
    await phones.getByRole('button', { name: 'Link You to the gateway' }).click()
    await page.getByText('main is linked to You.').waitFor()

    await phones.getByLabel('Whose phone').selectOption({ label: 'Bob (+15555550102)' })
    await phones.getByLabel('Chat', { exact: true }).selectOption({ label: 'Weekend (group)' })
    await phones.getByLabel('Write as Bob to Weekend').fill('Who is in?')
    await page.keyboard.press('Enter')
    const screen = phones.getByRole('log')
    await screen.getByRole('img', { name: 'Read' }).waitFor()
    expect(await browser.accessibility(page)).toEqual([])
    await phones.getByRole('button', { name: 'Close the phones' }).click()
    await page.getByRole('link', { name: /Weekend/ }).click()
    await page.getByRole('region', { name: 'Messages' }).getByText('Who is in?', { exact: true }).waitFor()
    await page.getByLabel('Message', { exact: true }).fill('Me')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByRole('img', { name: 'Bob reacted with 👍' }).waitFor()

    await page.getByRole('button', { name: 'Phones' }).click()
    await phones.getByLabel('Whose phone').selectOption({ label: 'Carol (+15555550103)' })
    await phones.getByLabel('Chat', { exact: true }).selectOption({ label: 'Weekend (group)' })
    await phones.getByText('Nothing was written here yet.').waitFor()
    await phones.getByLabel('Online').click()
    const line = screen.getByRole('article', { name: /^You/ })
    await line.getByText('Me', { exact: true }).waitFor()
    await line.getByRole('button', { name: 'React with ❤️' }).click()
    await screen.getByRole('img', { name: 'Carol reacted with ❤️' }).waitFor()
    expect(browser.troubles).toEqual([])
  })

  it('is behind the gateway’s own guard, and no part of a gateway that is no sandbox', story, async () => {
    const url = await gatewayUrl()
    const asked = async (path: string, init: RequestInit = {}) => {
      const answer = await fetch(`${url}${path}`, init)
      return [answer.status, (await answer.json()) as { code: string; message: string }] as const
    }
    expect((await asked('/sandbox/people'))[0]).toBe(200)
    expect(await asked('/sandbox/people', { headers: { origin: 'http://evil.example' } })).toMatchObject([
      403,
      { code: 'ORIGIN_REFUSED' },
    ])
    expect(await asked('/sandbox/people/1')).toMatchObject([
      404,
      { message: 'nobody has the number 1; GET /people lists everybody' },
    ])
    const json = { 'content-type': 'application/json' }
    expect(
      await asked(`/sandbox/people/${alice}/scan`, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ qr: 'x'.repeat(30) }),
      }),
    ).toMatchObject([409, { code: 'WHATSAPP_CONFLICT' }])

    const world = await TestWorld.open('sqlite')
    try {
      const gateway = await world.startGateway()
      expect((await gateway.call('GET', '/sandbox/people')).status).toBe(404)
      const { json: info } = await gateway.call('GET', '/app/info')
      expect(info.results).not.toHaveProperty('sandbox')
    } finally {
      await world.close()
    }
  })
})
