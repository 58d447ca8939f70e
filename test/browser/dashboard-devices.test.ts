import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually, type Gateway, TestWorld } from '../harness.ts'
import { DashboardBrowser, notInstalled, seenQrCode } from './dashboard.ts'

const story = { timeout: 120_000 }

describe('the dashboard', () => {
  let world: TestWorld
  let gateway: Gateway
  let browser: DashboardBrowser | null

  beforeEach(async () => {
    world = await TestWorld.open('sqlite')
    browser = await DashboardBrowser.start()
  })
  afterEach(async () => {
    await browser?.close()
    await world.close()
  })

  it('links a new device by the QR code it shows, logs it out and removes it', story, async ({ skip }) => {
    if (browser === null) return skip(notInstalled)
    gateway = await world.startGateway()
    const ada = world.simulator.addPerson({ name: 'Ada', phone: '15550100001' })
    const page = await browser.open(gateway.url)
    await page.getByRole('heading', { name: 'No devices yet' }).waitFor()
    expect(await browser.accessibility(page)).toEqual([])

    await page.getByRole('button', { name: 'Add device' }).click()
    await page.getByLabel('Name').fill('main')
    await page.getByRole('button', { name: 'Add and link' }).click()
    await page.getByText(/A new code in \d+ s/).waitFor()
    expect(await browser.accessibility(page)).toEqual([])
    await ada.scanQr(await seenQrCode(page))
    await page.getByText('main is linked to +15550100001').waitFor()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText('Connected').waitFor()

    await page.getByRole('link', { name: 'Details of main' }).click()
    await page.getByRole('heading', { name: 'Webhook' }).waitFor()
    await page.getByLabel('Name for people').fill('Front desk')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('heading', { name: 'Front desk' }).waitFor()
    await page.getByRole('link', { name: 'All devices' }).click()
    await page.getByRole('link', { name: 'Front desk', exact: true }).waitFor()
    await page.getByRole('link', { name: 'Details of Front desk' }).click()
    await page.getByLabel('Address').fill('ftp://nowhere')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').filter({ hasText: 'webhook_url' }).waitFor()
    await page.getByLabel('Address').fill('http://127.0.0.1:9/hook')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The webhook was saved.').waitFor()
    const { json } = await gateway.call('GET', '/devices/main/webhook')
    expect(json.results).toMatchObject({ webhook_url: 'http://127.0.0.1:9/hook' })
    expect(await browser.accessibility(page)).toEqual([])

    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click()
    await page.getByText('The device was unlinked, on the phone or here. Link it again.').waitFor()

    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('its chats, messages, contacts and labels').waitFor()
    await page.getByRole('button', { name: 'Remove for good' }).click()
    await page.getByRole('heading', { name: 'No devices yet' }).waitFor()
    expect(browser.troubles).toEqual([])
  })

  it('is worked with by the keyboard alone: dialogs are written into at once', story, async ({ skip }) => {
    if (browser === null) return skip(notInstalled)
    gateway = await world.startGateway()
    const page = await browser.open(gateway.url)
    await page.getByRole('button', { name: 'Add device' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('typed')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Link typed' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'typed', exact: true }).waitFor()
    expect(browser.troubles).toEqual([])
  })

  it('shows the next QR code when one expires, and links by a pairing code', story, async ({ skip }) => {
    if (browser === null) return skip(notInstalled)
    gateway = await world.startGateway({ engine: { qrLifetimeMs: 3_000 } })
    const ada = world.simulator.addPerson({ name: 'Ada', phone: '15550100001' })
    await gateway.addSlot('main')
    const page = await browser.open(gateway.url, { isNarrow: true, scheme: 'dark' })
    await page.getByRole('button', { name: 'Link' }).click()
    const first = await seenQrCode(page)
    await eventually('another code', async () => (await seenQrCode(page)) !== first || undefined)
    expect(await browser.accessibility(page)).toEqual([])

    await page.getByRole('tab', { name: 'Pairing code' }).click()
    await page.getByLabel('Phone number').fill('+1 555 010 0001')
    await page.getByRole('button', { name: 'Get a code' }).click()
    const code = await page.getByRole('status', { name: 'Pairing code' }).textContent()
    expect(await browser.accessibility(page)).toEqual([])
    await ada.enterPairingCode((code ?? '').replace('-', ''))
    await page.getByText('main is linked to').waitFor()
    expect(browser.troubles).toEqual([])
  })

  it('asks for credentials under a base path, and forgets them with the tab', story, async ({ skip }) => {
    if (browser === null) return skip(notInstalled)
    gateway = await world.startGateway({
      settings: { APP_BASIC_AUTH: 'ana:sécret', APP_BASE_PATH: '/wa/gate' },
    })
    const page = await browser.open(`${gateway.url}/wa/gate`)
    await page.getByLabel('User name').fill('ana')
    await page.getByLabel('Password').fill('wrong')
    expect(await browser.accessibility(page)).toEqual([])
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('That user name and password are not known here.').waitFor()
    await page.getByLabel('Password').fill('sécret')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'No devices yet' }).waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'No devices yet' }).waitFor()

    const other = await browser.open(`${gateway.url}/wa/gate/`)
    await other.getByLabel('User name').waitFor()
    expect(browser.troubles).toEqual([])
  })

  it(
    'works with another gateway that names it, and says why it cannot with one that does not',
    story,
    async ({ skip }) => {
      if (browser === null) return skip(notInstalled)
      gateway = await world.startGateway()
      const far = await TestWorld.open('sqlite')
      try {
        const settings = { APP_BASIC_AUTH: 'ana:secret', APP_CORS_ALLOWED_ORIGINS: gateway.url }
        const other = await far.startGateway({ settings })
        other.headers = { authorization: `Basic ${btoa('ana:secret')}` }
        await other.addSlot('far-away')
        browser.allow(other.url)
        const page = await browser.open(`${gateway.url}/#/settings`)
        await page.getByLabel('Work with another gateway').fill(other.url)
        await page.getByRole('button', { name: 'Connect' }).click()
        await page.getByLabel('User name').fill('ana')
        await page.getByLabel('Password').fill('secret')
        await page.getByRole('button', { name: 'Sign in' }).click()
        await page.getByText('which is not the gateway it came from').waitFor()
        expect(await browser.accessibility(page)).toEqual([])
        await page.getByRole('link', { name: 'Devices' }).click()
        await page.getByRole('heading', { name: 'far-away' }).waitFor()
        await page.getByText('Live', { exact: true }).waitFor()
        await page.getByRole('button', { name: 'Link' }).click()
        await seenQrCode(page)
        await page.goto(`${gateway.url}/#/playground/addDevice`)
        await page.getByLabel('device_id', { exact: true }).fill('not made')
        await page.getByLabel('Only check it').check()
        await page.getByRole('button', { name: 'Run' }).click()
        await page.getByText('"dry_run": true').waitFor()
        expect((await other.call('GET', '/devices')).json.results).toHaveLength(1)
        expect(browser.troubles).toEqual([])

        const alias = gateway.url.replace('127.0.0.1', 'localhost')
        const unnamed = await browser.open(`${alias}/#/settings`)
        await unnamed.getByLabel('Work with another gateway').fill(other.url)
        await unnamed.getByRole('button', { name: 'Connect' }).click()
        await unnamed.getByText(`does its APP_CORS_ALLOWED_ORIGINS name ${alias}?`).waitFor()
        await unnamed.getByRole('button', { name: 'Back to this gateway' }).click()
        await unnamed.getByRole('heading', { name: 'Gateway' }).waitFor()
        expect(browser.troubles.filter((trouble) => !/CORS policy|net::ERR_FAILED/.test(trouble))).toEqual([])
      } finally {
        await far.close()
      }
    },
  )
})
