import { describe, expect } from 'vitest'
import { resultsOf, scenario } from '../scenario.ts'

interface Link {
  readonly invite_link: string
}

describe('what the contract changes by GET', () => {
  scenario('is there as POST, and the GET says that it is deprecated', async ({ gateway, world }) => {
    const [ada, bo] = [world.simulator.addPerson({ name: 'Ada' }), world.simulator.addPerson({ name: 'Bo' })]
    await gateway.addSlot('main')
    const device = 'main'
    const deprecationOf = async (method: string, path: string) => {
      const answer = await fetch(`${gateway.url}${path}`, { method, headers: { 'x-device-id': device } })
      expect(answer.status, path).toBe(200)
      await answer.arrayBuffer()
      return answer.headers.get('deprecation')
    }
    for (const path of ['/app/login', '/app/login-with-code?phone=15550100', '/devices/main/login']) {
      expect(await deprecationOf('GET', path)).toMatch(/^@\d+$/)
      expect(await deprecationOf('POST', path)).toBeNull()
    }
    const login = resultsOf<{ qr_code: string }>(await gateway.call('POST', '/app/login', { device }))
    await ada.scanQr(login.qr_code)
    await gateway.loggedIn(device)

    const made = await gateway.call('POST', '/group', {
      device,
      body: { title: 'Twins', participants: [bo.phone] },
    })
    const { group_id } = resultsOf<{ group_id: string }>(made)
    const path = `/group/invite-link?group_id=${group_id}`
    const first = resultsOf<Link>(await gateway.call('GET', path, { device }))
    const second = resultsOf<Link>(
      await gateway.call('POST', '/group/invite-link/reset', { device, body: { group_id } }),
    )
    expect(second.invite_link).not.toBe(first.invite_link)
    expect(await deprecationOf('GET', path)).toBeNull()
    expect(resultsOf<Link>(await gateway.call('GET', path, { device }))).toEqual(second)
    expect(await deprecationOf('GET', `${path}&reset=true`)).toMatch(/^@\d+$/)

    expect(await deprecationOf('POST', '/app/reconnect')).toBeNull()
    await gateway.loggedIn(device)
    expect(await deprecationOf('GET', '/app/reconnect')).toMatch(/^@\d+$/)
    await gateway.loggedIn(device)
    expect(await deprecationOf('POST', '/app/logout')).toBeNull()
    const { json } = await gateway.call('GET', '/app/status', { device })
    expect(json.results).toMatchObject({ is_logged_in: false })
  })
})
