import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Gateway, TestWorld } from '../harness.ts'
import { DashboardBrowser, notInstalled } from './dashboard.ts'

const story = { timeout: 120_000 }

describe('API keys in the dashboard', () => {
  let world: TestWorld
  let gateway: Gateway
  let browser: DashboardBrowser | null

  beforeEach(async () => {
    world = await TestWorld.open('sqlite', { settings: { APP_BASIC_AUTH: 'ana:secret' } })
    browser = await DashboardBrowser.start()
    gateway = await world.startGateway()
    gateway.headers = { authorization: `Basic ${btoa('ana:secret')}` }
  })
  afterEach(async () => {
    await browser?.close()
    await world.close()
  })

  it('are made with limits, shown once, used and revoked', story, async ({ skip }) => {
    if (browser === null) return skip(notInstalled)
    await gateway.addSlot('main')
    await gateway.addSlot('other')
    const page = await browser.open(`${gateway.url}/#/keys`)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByLabel('User name').fill('ana')
    await page.getByLabel('Password').fill('secret')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'No keys yet' }).waitFor()
    expect(await browser.accessibility(page)).toEqual([])

    await page.getByRole('button', { name: 'New key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('shop')
    await dialog.getByLabel('read').uncheck()
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'Choose what it may do' }).waitFor()
    await dialog.getByLabel('read').check()
    await dialog.getByLabel('manage').check()
    await dialog.getByText('Cannot be limited for a key that may manage').waitFor()
    await dialog.getByLabel('manage').uncheck()
    await dialog.getByLabel('send').check()
    await dialog.getByLabel('Only these').check()
    await dialog.getByLabel('main').check()
    await dialog.getByLabel('Writes only to').fill('nobody?')
    await dialog.getByLabel('Ends').selectOption({ label: 'in 30 days' })
    await dialog.getByLabel('Most requests a minute').fill('600')
    expect(await browser.accessibility(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'nobody?' }).waitFor()
    await dialog.getByLabel('Writes only to').fill('15550100002\n15550100003')
    await dialog.getByRole('button', { name: 'Make the key' }).click()

    const key = await dialog.getByLabel('Key', { exact: true }).inputValue()
    await dialog.getByRole('button', { name: 'Copy the key' }).click()
    await page.getByText('Copied.').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key)
    expect(await browser.accessibility(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Done' }).click()
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'shop' }) })
    const facts = (await card.textContent()) ?? ''
    expect(facts).toMatch(/active.*read.*send.*main.*15550100002@s.whatsapp.net.*600 a minute.*never/)
    expect(facts).toContain('by ana')
    expect(facts).not.toContain(key)

    const asKey = (path: string) =>
      fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${key}` } })
    const me = (await (await asKey('/auth/me')).json()) as { results: object }
    expect(me.results).toMatchObject({
      scopes: ['read', 'send'],
      devices: ['main'],
      recipients: ['15550100002@s.whatsapp.net', '15550100003@s.whatsapp.net'],
    })
    await page.reload()
    await card.getByText('Last used').waitFor()
    await card.getByRole('button', { name: 'Revoke shop' }).click()
    await dialog.getByRole('button', { name: 'Revoke for good' }).click()
    await page.getByText('shop was revoked.').waitFor()
    expect((await asKey('/auth/me')).status).toBe(401)
    await page.getByRole('heading', { name: 'No keys yet' }).waitFor()
    await page.getByRole('button', { name: 'Ended (1)' }).click()
    await card.getByText('revoked', { exact: true }).waitFor()
    expect(await browser.accessibility(page)).toEqual([])
    expect(browser.troubles).toEqual([])
  })

  it(
    'let their holder in to what they may do, and say in words what they may not',
    story,
    async ({ skip }) => {
      if (browser === null) return skip(notInstalled)
      await gateway.addSlot('main')
      await gateway.addSlot('other')
      const make = async (json: object) => {
        const made = await gateway.call('POST', '/keys', { body: json })
        return (made.json.results as { key: string; id: string } | undefined) ?? { key: '', id: '' }
      }
      const reader = await make({ name: 'reader', scopes: ['read'], devices: ['main'] })
      const page = await browser.open(gateway.url, { isNarrow: true, scheme: 'dark' })
      await page.getByRole('tab', { name: 'API key' }).click()
      expect(await browser.accessibility(page)).toEqual([])
      await page.getByLabel('Key', { exact: true }).fill('ключ')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText('That is no API key').waitFor()
      await page.getByLabel('Key', { exact: true }).fill(`${reader.key}x`)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText('That key is not known here, was revoked or has expired.').waitFor()
      await page.getByLabel('Key', { exact: true }).fill(` ${reader.key} `)
      await page.getByRole('button', { name: 'Sign in' }).click()

      await page.getByRole('heading', { name: 'main' }).waitFor()
      expect(await page.getByRole('heading', { name: 'other' }).count()).toBe(0)
      await page.goto(`${gateway.url}/#/settings`)
      const identity = page.getByRole('region', { name: 'Gateway' })
      await identity.getByText(`key:${reader.id}`).waitFor()
      await identity.getByText('main', { exact: true }).waitFor()
      await page.goto(`${gateway.url}/#/keys`)
      await page.getByRole('alert').filter({ hasText: 'it needs the scope admin' }).waitFor()
      await page.goto(`${gateway.url}/#/devices`)
      await page.getByRole('button', { name: 'Add device' }).click()
      await page.getByRole('button', { name: 'Add and link' }).click()
      await page.getByRole('dialog').getByRole('alert').filter({ hasText: 'scope admin' }).waitFor()
      expect(await page.evaluate('sessionStorage.length > 0 && localStorage.length')).toBe(0)

      // Nobody is left alone with a key that was taken away.
      expect((await gateway.call('DELETE', `/keys/${reader.id}`)).status).toBe(200)
      await page.reload()
      await page.getByRole('tab', { name: 'API key' }).waitFor()

      const sender = await make({ name: 'sender', scopes: ['send'] })
      const other = await browser.open(gateway.url)
      await other.getByRole('tab', { name: 'API key' }).click()
      await other.getByLabel('Key', { exact: true }).fill(sender.key)
      await other.getByRole('button', { name: 'Sign in' }).click()
      await other.getByRole('alert').filter({ hasText: 'it needs the scope read' }).waitFor()
      await other.getByText('No live events: reading is not allowed').waitFor()
      expect(browser.troubles).toEqual([])
    },
  )
})
