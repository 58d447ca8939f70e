import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually, TestWorld } from '../harness.ts'
import { DashboardBrowser, notInstalled } from './dashboard.ts'

describe('events in the dashboard', () => {
  let world: TestWorld
  let browser: DashboardBrowser | null

  beforeEach(async () => {
    world = await TestWorld.open('sqlite')
    browser = await DashboardBrowser.start()
  })
  afterEach(async () => {
    await browser?.close()
    await world.close()
  })

  it('are shown live and filtered; a delivery is retried and events are replayed', {
    timeout: 120_000,
  }, async ({ skip }) => {
    if (browser === null) return skip(notInstalled)
    const gateway = await world.startGateway()
    const [ada, bo] = [world.simulator.addPerson({ name: 'Ada' }), world.simulator.addPerson({ name: 'Bo' })]
    await gateway.link(ada, 'main')
    const page = await browser.open(`${gateway.url}/#/events`)
    await page.getByText('Live', { exact: true }).waitFor()

    world.webhooks.respond = (_webhook, response) => {
      response.statusCode = 503
      response.end()
    }
    await bo.sendText(ada, 'a needle')
    await bo.sendText(ada, 'some hay')
    const events = page.getByRole('listitem').filter({ has: page.locator('summary') })
    await page.getByLabel('Filter events').fill('message needle')
    await eventually('one event', async () => (await events.count()) === 1 || undefined)
    await events.locator('summary').click()
    await events.getByText('"body": "a needle"').waitFor()
    expect(await browser.accessibility(page)).toEqual([])

    await page.getByRole('tab', { name: 'Deliveries' }).click()
    await page.getByLabel('State').selectOption({ label: 'Waiting' })
    const failed = page.getByRole('button', { name: /^Waiting message .*last 503/ }).first()
    await failed.click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('503', { exact: true }).first().waitFor()
    expect(await browser.accessibility(page)).toEqual([])
    world.webhooks.respond = (_webhook, response) => response.end('ok')
    await dialog.getByRole('button', { name: 'Deliver again' }).click()
    await page.getByText('It is delivered again.').waitFor()
    await page.getByLabel('State').selectOption({ label: 'Delivered' })
    await page
      .getByRole('button', { name: /^Delivered message/ })
      .first()
      .waitFor()

    const before = world.webhooks.received.length
    await page.getByRole('button', { name: 'Replay events' }).click()
    await dialog.getByRole('button', { name: 'Replay' }).click()
    await page.getByText(/events? (is|are) delivered again/).waitFor()
    await eventually('events again', () => world.webhooks.received.length > before || undefined)
    expect(await browser.accessibility(page)).toEqual([])
    expect(browser.troubles).toEqual([])
  })

  it('that were delivered long ago are shown page by page', { timeout: 120_000 }, async ({ skip }) => {
    if (browser === null) return skip(notInstalled)
    const gateway = await world.startGateway()
    const [ada, bo] = [world.simulator.addPerson({ name: 'Ada' }), world.simulator.addPerson({ name: 'Bo' })]
    await gateway.link(ada, 'main')
    for (let count = 0; count < 110; count += 1) await bo.sendText(ada, `number ${count}`)
    await world.nextEvent('message', ({ payload }) => payload.body === 'number 109')
    const page = await browser.open(`${gateway.url}/#/events/deliveries`)
    const shown = page.getByRole('button', { name: /^Delivered / })
    const older = page.getByRole('button', { name: 'Show older' })
    await older.waitFor()
    expect(await shown.count()).toBeLessThanOrEqual(100)
    await older.click()
    await eventually('all of them', async () => (await shown.count()) >= 110 || undefined)
    await older.waitFor({ state: 'detached' })
    expect(browser.troubles).toEqual([])
  })
})
