import { describe, expect } from 'vitest'
import { changeDatabase } from '../database-view.ts'
import { eventually } from '../harness.ts'
import { picture } from '../sample-files.ts'
import { dashboardStory } from './dashboard-story.ts'

describe('contacts in the dashboard', () => {
  dashboardStory('are found, shown in full, checked, and written to', async (stage) => {
    const { simulator } = stage.world
    const ada = await stage.linked()
    const shop = stage.person('Shop', '15550100002')
    const cy = stage.person('Cy', '15550100003')
    shop.account.businessName = 'Shop & Co'
    shop.account.business = {
      email: 'shop@example.com',
      address: '1 Main Street',
      categories: [{ id: '1', name: 'Bakery' }],
      timezone: 'Europe/Berlin',
      hours: [
        { day: 'mon', mode: 'specific_hours', open: 480, close: 1080 },
        { day: 'tue', mode: 'open_24h' },
      ],
    }
    await shop.setStatusText('Open till six')
    simulator.pictures.set(shop.lid, await picture(64, 64))
    await ada.settings.saveContact(shop, 'The baker')
    await ada.settings.saveContact(cy, 'Cy Young')
    const page = await stage.open('contacts', { isNarrow: true })
    await page.getByText('3 contacts').waitFor()
    await stage.isForEverybody(page)
    await page.getByLabel('Search contacts').fill('bak')
    await page.getByText('1 contact of 3').waitFor()
    await page.getByRole('link', { name: /The baker/ }).click()
    const card = page.getByRole('region', { name: 'About The baker' })
    await card.getByText('Shop & Co').waitFor()
    await card.getByText('Open till six').waitFor()
    await card.getByText('a phone', { exact: true }).waitFor()
    await card.getByText('Bakery').waitFor()
    await card.getByRole('row', { name: 'Monday 08:00 to 18:00' }).waitFor()
    await card.getByRole('row', { name: 'Tuesday All day' }).waitFor()
    await card.getByRole('img', { name: 'Picture of The baker' }).waitFor()
    await stage.isForEverybody(page)
    await card.getByRole('link', { name: 'Open chat' }).click()
    await page.getByLabel('Message', { exact: true }).fill('Two loaves, please')
    await page.keyboard.press('Enter')
    await shop.receives('Two loaves, please')
    await page.getByRole('link', { name: 'About this person' }).click()
    await page.getByRole('link', { name: 'All contacts' }).click()

    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Check a number' }).click()
    await dialog.getByLabel('Phone number').fill('+1 555 010 9999')
    await dialog.getByRole('button', { name: 'Check' }).click()
    await dialog.getByText('15550109999 is not on WhatsApp.').waitFor()
    await dialog.getByLabel('Phone number').fill('+1 555 010 0003')
    await dialog.getByRole('button', { name: 'Check' }).click()
    await dialog.getByText('15550100003 is on WhatsApp.').waitFor()
    await stage.isForEverybody(page)
    await dialog.getByRole('button', { name: 'Show' }).click()
    await page.getByRole('heading', { name: 'Cy Young' }).waitFor()
  })

  dashboardStory('stay light when there are five thousand', async (stage) => {
    const ada = await stage.linked()
    await changeDatabase('sqlite', stage.world.settings['DB_URI'] ?? '', manyContacts(ada.jid))
    const page = await stage.open('contacts/main')
    const list = page.getByRole('region', { name: 'List of contacts' })
    await page.getByText('5001 contacts').waitFor()
    await list.getByText('Person 0000').waitFor()
    await list.evaluate((box: { scrollTop: number; scrollHeight: number }) => {
      box.scrollTop = box.scrollHeight
    })
    await list.getByText('Person 4999').waitFor()
    expect(await list.getByRole('link').count()).toBeLessThan(200)
    await page.getByLabel('Search contacts').fill('person 2345')
    await page.getByText('1 contact of 5001').waitFor()
    await stage.isForEverybody(page)
  })
})

describe('the account in the dashboard', () => {
  dashboardStory('gets a picture and a name, and shows its privacy and labels', async (stage) => {
    const { simulator } = stage.world
    const ada = await stage.linked()
    await ada.setStatusText('Busy')
    ada.account.privacy.set('last', 'contacts')
    await ada.settings.saveLabel({ id: '3', name: 'Customers' })
    const page = await stage.open('account', { isNarrow: true })
    await page.getByText('Busy').waitFor()
    await page.getByText('Customers, 0 chats').waitFor()
    const privacy = page.locator('section', { has: page.getByRole('heading', { name: 'Privacy' }) })
    await privacy.locator('.fact', { hasText: 'Last seen' }).getByText('Contacts').waitFor()
    await privacy.locator('.fact', { hasText: 'About text' }).getByText('Everybody').waitFor()
    await stage.isForEverybody(page)

    await page.getByLabel('Name that others see').fill('A name of more than twenty-five characters')
    await page.getByRole('button', { name: 'Set name' }).click()
    await page.getByRole('alert').filter({ hasText: 'push_name' }).waitFor()
    await page.getByLabel('Name that others see').fill('Ada’s bakery')
    await page.getByRole('button', { name: 'Set name' }).click()
    await page.getByText('The name was set.').waitFor()
    await eventually(
      'the new name',
      () =>
        ada.settings.changes.some(({ value }) => value.pushNameSetting?.name === 'Ada’s bakery') || undefined,
    )
    const text = { name: 'me.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') }
    await page.getByLabel('New picture').setInputFiles(text)
    await page.getByRole('button', { name: 'Set picture' }).click()
    await page.getByRole('alert').waitFor()
    const file = { name: 'me.jpg', mimeType: 'image/jpeg', buffer: await picture(64, 64) }
    await page.getByLabel('New picture').setInputFiles(file)
    await page.getByRole('button', { name: 'Set picture' }).click()
    await page.getByText('The picture was set.').waitFor()
    expect(simulator.pictures.bytesOf(ada.lid)?.length).toBeGreaterThan(100)
    await page.getByRole('img', { name: /^Picture of/ }).waitFor()
    await page.getByRole('button', { name: 'Remove picture' }).click()
    await page.getByText('The picture was taken away.').waitFor()
    await page.getByRole('img', { name: /^Picture of/ }).waitFor({ state: 'detached' })
    expect(simulator.pictures.bytesOf(ada.lid)).toBeUndefined()
  })

  dashboardStory('is chosen where there are several', async (stage) => {
    await stage.linked()
    await stage.gateway.link(stage.person('Bo', '15550100002'), 'second')
    const page = await stage.open('account')
    await page.getByText('+15550100001').waitFor()
    await page.getByLabel('Device').selectOption('second')
    await page.getByText('+15550100002').waitFor()
    for (const section of ['Groups', 'Contacts', 'Channels', 'Chats']) {
      await page.getByRole('link', { name: section, exact: true }).click()
      await page.getByRole('heading', { name: section, level: 1 }).waitFor()
      expect(await page.getByLabel('Device').inputValue()).toBe('second')
    }
  })
})

describe('channels in the dashboard', () => {
  dashboardStory('show their posts, take new ones and are unfollowed', async (stage) => {
    const { simulator } = stage.world
    const ada = await stage.linked()
    const bo = stage.person('Bo')
    const news = simulator.addNewsletter({
      name: 'Town news',
      owner: bo,
      description: 'What happens in town',
      followers: [ada],
    })
    const own = simulator.addNewsletter({ name: 'Ada writes', owner: ada, followers: [bo] })
    for (let day = 1; day <= 30; day += 1) news.post(`News of day ${day}`)
    const newest = news.posts.at(-1)
    if (newest !== undefined) news.react(newest, bo, '🎉')
    const page = await stage.open('channels', { isNarrow: true })
    await page.getByText('2 channels').waitFor()
    await stage.isForEverybody(page)
    await page.getByRole('link', { name: /Town news/ }).click()
    await page.getByText('What happens in town').waitFor()
    const posts = page.getByRole('region', { name: 'Posts' })
    await posts.getByText('News of day 30').waitFor()
    await posts.getByRole('article').first().getByText('🎉 1').waitFor()
    expect(await posts.getByText('News of day 2', { exact: true }).count()).toBe(0)
    await stage.isForEverybody(page)
    await posts.getByRole('button', { name: 'Older posts' }).click()
    await posts.getByText('News of day 1', { exact: true }).waitFor()
    expect(await posts.getByRole('article').count()).toBe(30)
    news.post('News of tonight')
    await posts.getByText('News of tonight').waitFor()

    await page.getByRole('button', { name: 'Unfollow' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Unfollow' }).click()
    await page.getByText('You do not follow Town news now.').waitFor()
    expect(news.members.has(ada.account)).toBe(false)
    await page.getByText('1 channel', { exact: true }).waitFor()

    await page.getByRole('link', { name: /Ada writes.*you post here/ }).click()
    await page.getByLabel('New post').fill('My first post')
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await own.gets(({ message }) => JSON.stringify(message).includes('My first post'))
    await posts.getByText('My first post').waitFor()
  })
})

/** Five thousand contacts. */
function manyContacts(account: string): string {
  return `
    insert into contacts (device_id, account, jid, lid, name, push_name, verified_name, updated_at)
    with recursive n(i) as (select 0 union all select i + 1 from n where i < 4999)
    select 'main', '${account}', (20000000000 + i) || '@s.whatsapp.net', null, 'Person ' || printf('%04d', i), '', '', 0
    from n;
  `
}
