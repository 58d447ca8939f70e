import { describe, expect } from 'vitest'
import { resultsOf, scenario } from '../scenario.ts'

interface Link {
  readonly invite_link: string
}

describe('what the contract changes by GET', () => {
  scenario('does nothing by HEAD, which is refused', async ({ gateway, world }) => {
    const ada = world.simulator.addPerson({ name: 'Ada' })
    await gateway.link(ada, 'main')
    const group = world.simulator.addGroup({ subject: 'Twins', owner: ada, members: [] })
    const [client] = ada.linkedDevices
    const before = { logins: client?.logins, code: group.inviteCode }
    for (const [path, allow] of [
      ['/app/logout', 'GET, POST'],
      ['/app/reconnect', 'GET, POST'],
      ['/app/login', 'GET, POST'],
      ['/app/login-with-code?phone=15550100', 'GET, POST'],
      ['/devices/main/login', 'GET, POST'],
      [`/group/invite-link?group_id=${group.jid}&reset=true`, 'GET'],
    ] as const) {
      const headers = { 'x-device-id': 'main' }
      const answer = await fetch(`${gateway.url}${path}`, { method: 'HEAD', headers })
      expect(answer.status, path).toBe(405)
      expect(answer.headers.get('allow'), path).toBe(allow)
    }
    const other = await fetch(`${gateway.url}/app/logout`, { method: 'PUT' })
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, POST'])
    expect((await fetch(`${gateway.url}/app/devices`, { method: 'HEAD' })).status).toBe(200)
    const { json } = await gateway.call('GET', '/app/status', { device: 'main' })
    expect(json.results).toMatchObject({ is_logged_in: true, is_connected: true })
    expect({ logins: client?.logins, code: group.inviteCode }).toEqual(before)
  })

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
