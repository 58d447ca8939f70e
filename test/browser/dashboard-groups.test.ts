import { readFile } from 'node:fs/promises'
import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { picture } from '../sample-files.ts'
import { dashboardStory } from './dashboard-story.ts'

describe('groups in the dashboard', () => {
  dashboardStory('are found, renamed, described, switched and left', async (stage) => {
    const { simulator } = stage.world
    const ada = await stage.linked()
    const [bo, cy] = [stage.person('Bo'), stage.person('Cy')]
    const group = simulator.addGroup({ subject: 'Morning run', owner: ada, members: [bo, cy] })
    simulator.addGroup({ subject: 'Chess', owner: bo, members: [ada] })
    const page = await stage.open('groups')
    await page.getByText('2 groups').waitFor()
    await stage.isForEverybody(page)
    await page.getByLabel('Search groups').fill('run')
    await page.getByText('1 group of 2').waitFor()
    await page.getByRole('link', { name: /Morning run.*3 participants.*you are an admin/ }).click()
    const pane = page.getByRole('region', { name: 'Group Morning run' })

    await pane.getByLabel('Name', { exact: true }).fill('A name of more than twenty-five characters')
    await pane.getByRole('button', { name: 'Set name' }).click()
    await pane.getByRole('alert').filter({ hasText: 'length must be between 1 and 25' }).waitFor()
    await pane.getByLabel('Name', { exact: true }).fill('Evening run')
    await pane.getByRole('button', { name: 'Set name' }).click()
    await group.becomes((state) => state.subject === 'Evening run')
    await page.getByRole('heading', { name: 'Evening run' }).waitFor()
    const renamed = page.getByRole('region', { name: 'Group Evening run' })
    await renamed.getByLabel('Topic', { exact: true }).fill('At six\nby the lake')
    await renamed.getByRole('button', { name: 'Set topic' }).click()
    await group.becomes((state) => state.description?.body === 'At six\nby the lake')

    await renamed.getByRole('switch', { name: 'Only admins write' }).click()
    await group.becomes((state) => state.isAnnouncement)
    await page.getByText('Only admins write now.').waitFor()
    await renamed.getByRole('switch', { name: 'Only admins write' }).and(page.locator(':checked')).waitFor()
    await renamed.getByRole('switch', { name: /Only admins change/ }).click()
    await group.becomes((state) => state.isLocked)

    const file = { name: 'lake.jpg', mimeType: 'image/jpeg', buffer: await picture(64, 48) }
    await renamed.getByLabel('New photo').setInputFiles(file)
    await renamed.getByRole('button', { name: 'Set photo' }).click()
    await page.getByText('The photo was set.').waitFor()
    expect(simulator.pictures.bytesOf(group.jid)?.length).toBeGreaterThan(100)
    await renamed.getByRole('img', { name: 'Picture of Evening run' }).waitFor()
    await stage.isForEverybody(page)
    await renamed.getByRole('button', { name: 'Remove photo' }).click()
    await page.getByText('The photo was taken away.').waitFor()
    expect(simulator.pictures.bytesOf(group.jid)).toBeUndefined()

    await renamed.getByRole('button', { name: 'Leave group' }).click()
    const dialog = page.getByRole('dialog', { name: 'Leave Evening run?' })
    await stage.isForEverybody(page)
    await dialog.getByRole('button', { name: 'Leave' }).click()
    await group.becomes((state) => !state.members.has(ada.account))
    await page.getByText('0 groups of 1', { exact: true }).waitFor()
  })

  dashboardStory('have their participants added, promoted, demoted and removed', async (stage) => {
    const { simulator } = stage.world
    const ada = await stage.linked()
    const [bo, cy, dee] = [stage.person('Bo'), stage.person('Cy'), stage.person('Dee')]
    dee.account.privacy.set('groupadd', 'none')
    const group = simulator.addGroup({ subject: 'Cast', owner: ada, members: [bo] })
    const page = await stage.open(`groups/main/${group.jid}`, { isNarrow: true })
    const dialog = page.getByRole('dialog')
    await page.getByRole('tab', { name: 'Participants' }).click()
    await page.getByText('2 participants', { exact: true }).first().waitFor()

    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await dialog.getByLabel('Participants').fill('999')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'User is not registered.' }).waitFor()
    await dialog.getByLabel('Participants').fill(`+${cy.phone}\n${dee.phone}`)
    await dialog.getByRole('button', { name: 'Add' }).click()
    const outcomes = dialog.getByRole('list', { name: 'Outcomes' })
    await outcomes
      .getByRole('listitem')
      .filter({ hasText: `+${cy.phone}Action success` })
      .waitFor()
    await outcomes
      .getByRole('listitem')
      .filter({ hasText: `+${dee.phone}Failed to add participant: their privacy settings` })
      .waitFor()
    expect([group.members.has(cy.account), group.members.has(dee.account)]).toEqual([true, false])
    await stage.isForEverybody(page)
    await page.keyboard.press('Escape')

    const row = (phone: string) => page.locator('.member').filter({ hasText: `+${phone}` })
    await row(cy.phone).getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Make admin' }).click()
    await group.becomes(({ members }) => members.get(cy.account) === 'admin')
    await row(cy.phone).getByText('Admin').waitFor()
    await stage.isForEverybody(page)

    await row(cy.phone).getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Take admin away' }).click()
    await group.becomes(({ members }) => members.get(cy.account) === 'member')
    await page.getByText('is no admin now.').waitFor()
    // Bo leaves on the phone while the page has both ticked: it works for one of them only.
    await row(cy.phone).getByRole('checkbox').check()
    await row(bo.phone).getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Remove' }).click()
    group.leave(bo)
    await dialog.getByRole('button', { name: 'Remove' }).click()
    const failed = page.getByRole('dialog', { name: 'It did not work for all' })
    await failed.getByText(/Failed to remove participant: they are not in the group/).waitFor()
    expect([...group.members.keys()].map(({ pushName }) => pushName)).toEqual(['Ada'])
    await page.keyboard.press('Escape')
    await page.getByText('1 participant', { exact: true }).first().waitFor()

    await page.getByRole('tab', { name: 'Participants' }).press('ArrowLeft')
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export participants as CSV' }).click()
    const csv = await readFile(await (await downloading).path(), 'utf8')
    expect(csv).toContain(ada.phone)
  })

  dashboardStory('are made, joined by link, and let in who asks', async (stage) => {
    const { simulator } = stage.world
    const ada = await stage.linked()
    const [bo, cy, dee] = [stage.person('Bo'), stage.person('Cy'), stage.person('Dee')]
    dee.account.privacy.set('groupadd', 'none')
    const club = simulator.addGroup({ subject: 'Book club', owner: bo, members: [] })
    club.setDescription('One book a month')
    const page = await stage.open('groups/main')
    const dialog = page.getByRole('dialog')

    await page.getByRole('button', { name: 'New group' }).click()
    await dialog.getByLabel('Name').fill('Cinema')
    await dialog.getByLabel('Participants').fill(`${bo.phone}, ${dee.phone}`)
    await dialog.getByRole('button', { name: 'Create' }).click()
    const partly = page.getByRole('dialog', { name: 'Not everybody was added' })
    await partly.getByText(`+${dee.phone}`).waitFor()
    await stage.isForEverybody(page)
    await partly.getByRole('button', { name: 'Go to the group' }).click()
    const made = simulator.groups.find(({ subject }) => subject === 'Cinema')
    expect([...(made?.members.keys() ?? [])].map(({ pushName }) => pushName)).toEqual(['Ada', 'Bo'])
    const pane = page.getByRole('region', { name: 'Group Cinema' })

    await pane.getByRole('button', { name: 'Show link' }).click()
    expect(await pane.getByLabel('Link', { exact: true }).inputValue()).toBe(
      `https://chat.whatsapp.com/${made?.inviteCode}`,
    )
    const before = made?.inviteCode
    await pane.getByRole('button', { name: 'Reset link' }).click()
    await dialog.getByRole('button', { name: 'Make a new link' }).click()
    await page.getByText('The group has a new link.').waitFor()
    expect(made?.inviteCode).not.toBe(before)
    expect(await pane.getByLabel('Link', { exact: true }).inputValue()).toContain(made?.inviteCode)

    made?.setApproval(true)
    expect([made?.join(cy), made?.join(dee)]).toEqual(['requested', 'requested'])
    await pane.getByRole('tab', { name: 'Requests' }).click()
    await pane.getByText('2 people ask to join').waitFor()
    await stage.isForEverybody(page)
    await pane.getByRole('button', { name: `Approve +${cy.phone}` }).click()
    await made?.becomes(({ members }) => members.has(cy.account))
    await pane.getByRole('button', { name: `Reject +${dee.phone}` }).click()
    await made?.becomes(({ joinRequests }) => joinRequests.size === 0)
    await pane.getByText('Nobody asks to join').waitFor()
    expect(made?.members.has(dee.account)).toBe(false)

    await page.getByRole('button', { name: 'Join', exact: true }).click()
    await dialog.getByLabel('Invite link').fill('https://example.com/nothing')
    await dialog.getByRole('button', { name: 'Look' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByLabel('Invite link').fill(`https://chat.whatsapp.com/${club.inviteCode}`)
    await dialog.getByRole('button', { name: 'Look' }).click()
    const preview = dialog.getByRole('region', { name: 'Where the link leads' })
    await preview.getByText('One book a month').waitFor()
    expect(club.members.has(ada.account)).toBe(false)
    await stage.isForEverybody(page)
    await preview.getByRole('button', { name: 'Join' }).click()
    await club.becomes(({ members }) => members.has(ada.account))
    await page.getByRole('heading', { name: 'Book club' }).waitFor()
    // What others do shows by itself.
    club.setSubject('Book and tea club')
    club.add([cy])
    await page.getByRole('heading', { name: 'Book and tea club' }).waitFor()
  })

  dashboardStory('of a thousand stay light', async (stage) => {
    const { simulator } = stage.world
    const ada = await stage.linked()
    const crowd = Array.from({ length: 999 }, (_, index) =>
      stage.person(`Fan ${index}`, String(15_550_200_000 + index)),
    )
    const group = simulator.addGroup({ subject: 'Stadium', owner: ada, members: crowd })
    const page = await stage.open(`groups/main/${group.jid}/participants`)
    const list = page.getByRole('region', { name: 'Participants' })
    await page.getByText('1000 participants', { exact: true }).first().waitFor()
    expect(await list.locator('.member').count()).toBeLessThan(200)
    await list.evaluate((box: { scrollTop: number; scrollHeight: number }) => {
      box.scrollTop = box.scrollHeight
    })
    await eventually(
      'the last of them',
      async () => (await list.getByText(/\+15550200\d*99[0-8]/).count()) > 0 || undefined,
    )
    expect(await list.locator('.member').count()).toBeLessThan(200)
    await page.getByLabel('Search participants').fill('15550200512')
    await page.getByText('1 participant of 1000').waitFor()
    await stage.isForEverybody(page)
  })
})
