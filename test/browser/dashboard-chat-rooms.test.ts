import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { dashboardStory } from './dashboard-story.ts'

describe('the list of chats in the dashboard', () => {
  dashboardStory('has pinned chats first and archived ones apart', async (stage) => {
    const ada = await stage.linked()
    const [bo, cy, dee] = [stage.person('Bo'), stage.person('Cy'), stage.person('Dee')]
    for (const person of [bo, cy, dee]) {
      await person.sendText(ada, `I am ${person.account.pushName}`)
      await stage.gateway.message('main', person.jid, () => true)
    }
    const page = await stage.open('chats')
    const list = page.getByRole('region', { name: 'List of chats' })
    const dialog = page.getByRole('dialog')
    const names = async () => (await list.locator('b').allTextContents()).join()
    await eventually('all chats', async () => (await names()) === 'Dee,Cy,Bo' || undefined, names)

    const settingsOf = async (name: RegExp) => {
      await list.getByRole('link', { name }).click()
      await page.getByRole('button', { name: 'Chat settings' }).click()
    }
    await settingsOf(/Bo/)
    await dialog.getByRole('button', { name: 'Pin' }).click()
    await page.getByText('Pinned.', { exact: true }).waitFor()
    await eventually('Bo first', async () => (await names()) === 'Bo,Dee,Cy' || undefined, names)
    expect(ada.settings.changes.at(-1)).toMatchObject({ value: { pinAction: { pinned: true } } })
    await list.getByRole('link', { name: /Bo.*pinned/ }).waitFor()
    await settingsOf(/Cy/)
    await dialog.getByRole('button', { name: 'Archive' }).click()
    await page.getByText('Archived.', { exact: true }).waitFor()
    await eventually('Cy gone', async () => (await names()) === 'Bo,Dee' || undefined, names)
    expect(ada.settings.changes.at(-1)).toMatchObject({ value: { archiveChatAction: { archived: true } } })

    await page.getByRole('button', { name: 'Archive', exact: true }).click()
    await eventually('only Cy', async () => (await names()) === 'Cy' || undefined, names)
    await page.getByLabel('Search chats and messages').fill('cy')
    await page
      .getByRole('region', { name: 'Chats found' })
      .getByRole('link', { name: /Cy.*archived/ })
      .waitFor()
    await stage.isForEverybody(page)
  })

  dashboardStory('marks unread chats until they are looked at or read', async (stage) => {
    const ada = await stage.linked()
    const [bo, cy] = [stage.person('Bo'), stage.person('Cy')]
    await bo.sendText(ada, 'one')
    const second = await bo.sendText(ada, 'two')
    await cy.sendText(ada, 'three')
    const page = await stage.open('chats')
    const list = page.getByRole('region', { name: 'List of chats' })
    const row = (name: string) => list.getByRole('link', { name })
    await row('Bo').getByText('2 unread').waitFor()
    await row('Cy').getByText('1 unread').waitFor()
    await stage.isForEverybody(page)
    // Looking tells nobody; the mark is gone here all the same.
    await row('Bo').click()
    await page.getByRole('article').getByText('two').waitFor()
    await row('Bo').getByText('unread').waitFor({ state: 'detached' })
    expect(bo.receiptsFor(second.id).map(({ type }) => type)).not.toContain('read')
    await row('Cy').click()
    await page.getByRole('article').getByText('three').waitFor()
    expect(await row('Bo').getByText('unread').count()).toBe(0)
    await bo.sendText(ada, 'four')
    await row('Bo').getByText('3 unread').waitFor()
    await row('Bo').click()
    const fourth = page.getByRole('article').filter({ hasText: 'four' })
    await fourth.waitFor()
    await page.getByRole('button', { name: 'Chat settings' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Mark as read' }).click()
    await page.getByText('Marked as read.').waitFor()
    await row('Cy').click()
    await page.reload()
    await row('Cy').waitFor()
    expect(await row('Bo').getByText('unread').count()).toBe(0)
  })

  dashboardStory('shows labels, which are put on and taken off', async (stage) => {
    const ada = await stage.linked()
    const bo = stage.person('Bo', '15550100002')
    await bo.sendText(ada, 'I have paid')
    await ada.settings.saveLabel({ id: '3', name: 'Paid' })
    const page = await stage.open(`chats/main/${bo.jid}`, { isNarrow: true })
    const dialog = page.getByRole('dialog')
    const labels = dialog.getByRole('region', { name: 'Labels' })
    const puts = () =>
      ada.settings.changes
        .filter(({ index }) => index[0] === 'label_jid')
        .map(({ index, value }) => `${index[1]} ${value.labelAssociationAction?.labeled}`)
    await page.getByRole('article').getByText('I have paid').waitFor()
    await page.getByRole('button', { name: 'Chat settings' }).click()
    await labels.getByRole('checkbox', { name: 'Paid' }).click()
    await labels.getByRole('checkbox', { name: 'Paid', checked: true }).waitFor()
    expect(puts()).toEqual(['3 true'])
    expect(await labels.getByLabel('Label number').inputValue()).toBe('4')
    await labels.getByLabel('Label name').fill('x'.repeat(101))
    await labels.getByRole('button', { name: 'Put label on' }).click()
    await labels.getByRole('alert').filter({ hasText: 'label_name' }).waitFor()
    await labels.getByLabel('Label name').fill('Regular')
    await labels.getByRole('button', { name: 'Put label on' }).click()
    await labels.getByRole('checkbox', { name: 'Regular', checked: true }).waitFor()
    expect(ada.settings.changes).toContainEqual(
      expect.objectContaining({ index: ['label_edit', '4'], value: expect.objectContaining({}) as object }),
    )
    await stage.isForEverybody(page)
    await labels.getByRole('checkbox', { name: 'Paid' }).click()
    await labels.getByRole('checkbox', { name: 'Paid', checked: false }).waitFor()
    expect(puts()).toEqual(['3 true', '4 true', '3 false'])
    await page.keyboard.press('Escape')
    const head = page.getByRole('region', { name: 'Chat with Bo' }).locator('header')
    await head.getByText('Regular').waitFor()
    // What the phone does shows by itself.
    await ada.settings.label(bo, '3')
    await head.getByText('Paid', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'All chats' }).click()
    const row = page.getByRole('link', { name: /Bo/ })
    await row.getByText('Regular').waitFor()
    await row.getByText('Paid', { exact: true }).waitFor()
    await stage.isForEverybody(page)
  })
})

describe('writing in a group in the dashboard', () => {
  dashboardStory('suggests whom to mention, and really mentions them', async (stage) => {
    const ada = await stage.linked()
    const [bo, cy, shy] = [
      stage.person('Bo', '15550100002'),
      stage.person('Cy', '15550100003'),
      stage.person('Shy', '15550100004'),
    ]
    shy.account.showsPhone = false
    const group = stage.world.simulator.addGroup({ subject: 'Crew', owner: ada, members: [bo, cy, shy] })
    await ada.settings.saveContact(bo, 'Bo Smith')
    await ada.settings.saveContact(cy, 'Cy Smith')
    await bo.sendText(group, 'Who comes?')
    const page = await stage.open(`chats/main/${group.jid}`)
    await page.getByRole('article').getByText('Who comes?').waitFor()
    const text = page.getByLabel('Message', { exact: true })
    const people = page.getByRole('listbox', { name: 'Mention somebody' })

    await text.pressSequentially('Hello @smi')
    await people.getByRole('option', { name: /Bo Smith/ }).waitFor()
    expect(await people.getByRole('option').count()).toBe(2)
    await stage.isForEverybody(page)
    const marked = people.getByRole('option', { selected: true })
    const first = await marked.textContent()
    await page.keyboard.press('ArrowDown')
    expect(await marked.textContent()).not.toBe(first)
    expect(await text.getAttribute('aria-activedescendant')).toBe(await marked.getAttribute('id'))
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    const chosen = first?.includes('Bo') === true ? bo : cy
    const name = chosen === bo ? 'Bo Smith' : 'Cy Smith'
    expect(await text.inputValue()).toBe(`Hello @${name} `)
    await text.pressSequentially('and @')
    await people
      .getByRole('option')
      .filter({ hasText: shy.lid.replace(/@.*/, '') })
      .click()
    await text.pressSequentially('!')
    await page.keyboard.press('Enter')

    const sent = await bo.receives(({ text: received }) => received.startsWith('Hello'))
    const shyUser = shy.lid.replace(/@.*/, '')
    expect(sent.text).toMatch(
      new RegExp(`^Hello @(${chosen.phone}|${chosen.lid.replace(/@.*/, '')}) and @${shyUser} !$`),
    )
    const mentioned = sent.message.extendedTextMessage?.contextInfo?.mentionedJid ?? []
    expect(mentioned.map((jid) => (jid === chosen.lid ? chosen.jid : jid)).sort()).toEqual(
      [chosen.jid, shy.lid].sort(),
    )

    // Escape lets an @ be an @.
    await text.pressSequentially('me @')
    await people.waitFor()
    await page.keyboard.press('Escape')
    await people.waitFor({ state: 'detached' })
    await page.keyboard.press('Enter')
    const plain = await bo.receives('me @')
    expect(plain.message.extendedTextMessage?.contextInfo?.mentionedJid ?? []).toEqual([])
  })
})
