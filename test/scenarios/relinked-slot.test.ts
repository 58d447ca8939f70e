import { describe, expect } from 'vitest'
import { scenario } from '../scenario.ts'

describe('a kept slot linked again with another number', () => {
  scenario("shows only the new account's chats, and the old one's again once that is back", async (stage) => {
    const { gateway, world } = stage
    const [ada, bo, cy] = stage.people('Ada', 'Bo', 'Cy')
    await gateway.link(ada, 'main')
    await bo.sendText(ada, 'for Ada')
    await world.nextEvent('message', ({ payload }) => payload.body === 'for Ada')
    await ada.unlink()
    await gateway.inState('main', 'disconnected')

    await cy.scanQr(await gateway.qrCode('main'))
    await gateway.loggedIn('main')
    expect(await gateway.chats('main')).toEqual([])
    expect(await gateway.messages('main', bo.jid)).toEqual([])
    await bo.sendText(cy, 'for Cy')
    const event = await world.nextEvent('message', ({ payload }) => payload.body === 'for Cy')
    expect(event).toMatchObject({ device_id: cy.jid, session_id: 'main' })
    expect(await gateway.messages('main', bo.jid)).toMatchObject([{ content: 'for Cy' }])
    await gateway.sendText('main', bo.phone, 'from Cy')
    expect((await bo.receives('from Cy')).from).toBe(cy.account)

    await cy.unlink()
    await gateway.inState('main', 'disconnected')
    await ada.scanQr(await gateway.qrCode('main'))
    await gateway.loggedIn('main')
    expect(await gateway.chats('main')).toEqual([bo.jid])
    expect(await gateway.messages('main', bo.jid)).toMatchObject([{ content: 'for Ada' }])
  })
})
