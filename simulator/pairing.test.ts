import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from './index.ts'
import { linkedClient } from './testing/linked-client.ts'
import { PlainClient } from './testing/plain-client.ts'

let simulator: Simulator
let clients: PlainClient[]

beforeEach(async () => {
  simulator = await startSimulator()
  clients = []
})

afterEach(async () => {
  for (const client of clients) await client.close()
  await simulator.close()
})

function connect(): PlainClient {
  const client = new PlainClient(simulator)
  clients.push(client)
  return client
}

describe('linking by QR code', () => {
  it('pairs, demands a restart with 515, and opens on the second connection', async () => {
    const ada = simulator.addPerson({ name: 'Ada' })
    const client = connect()
    const device = await ada.scanQr(await client.qr())
    await client.opened()
    expect(client.connects).toBe(2)
    expect(client.creds.me).toMatchObject({ id: device.pn, lid: device.lid })
    expect(client.creds.account?.accountSignatureKey).toEqual(ada.account.identity.public)
    expect(device.isOnline).toBe(true)
    expect(device.preKeys.count + device.preKeys.handedOut.length).toBe(812)
  })

  it('gives every client of an account its own device number', async () => {
    const ada = simulator.addPerson()
    clients.push(await linkedClient(simulator, ada), await linkedClient(simulator, ada))
    expect(ada.linkedDevices.map(({ number }) => number)).toEqual([1, 2])
  })

  it('refuses a second scan of the same QR code', async () => {
    const ada = simulator.addPerson()
    const client = connect()
    const qr = await client.qr()
    await ada.scanQr(qr)
    await expect(ada.scanQr(qr)).rejects.toThrow('no client waits with this QR code')
  })

  it('fails when the secret in the QR code is an older one', async () => {
    const ada = simulator.addPerson()
    const client = connect()
    const qr = await client.qr()
    client.creds.advSecretKey = Buffer.alloc(32, 7).toString('base64')
    await expect(ada.scanQr(qr)).rejects.toThrow('the client closed the connection')
    expect(ada.linkedDevices).toEqual([])
  })

  it('asks a waiting client on demand to renew its secret', async () => {
    const ada = simulator.addPerson()
    const client = connect()
    await client.qr()
    const asked = new Promise((resolve) =>
      client.socket.ws.on('CB:notification,type:companion_reg_refresh', resolve),
    )
    ada.refreshPairing()
    await asked
  })

  it('closes the connection when the refs are used up', async () => {
    simulator.desk.refCount = 1
    const client = new PlainClient(simulator, { qrTimeout: 50 })
    clients.push(client)
    expect(await client.closed()).toBe(408)
  })
})

describe('linking by pairing code', () => {
  it('pairs with the code the client shows', async () => {
    const ada = simulator.addPerson()
    const client = connect()
    await client.qr()
    const code = await client.socket.requestPairingCode(ada.phone)
    await ada.enterPairingCode(code)
    await client.opened()
    expect(ada.linkedDevices).toHaveLength(1)
  })

  it('does not pair with a wrong code', async () => {
    const ada = simulator.addPerson()
    const client = connect()
    await client.qr()
    const code = await client.socket.requestPairingCode(ada.phone)
    await ada.enterPairingCode(code, { wrong: true })
    expect(ada.linkedDevices).toEqual([])
    expect(client.creds.account).toBeUndefined()
  })
})

describe('logging in', () => {
  it('shows a certificate another root has signed, which clients refuse', async () => {
    simulator.faults.wrongNoiseCertificate()
    expect(await connect().closed()).toBe(400)
  })

  it('refuses a device that was never linked with 401', async () => {
    const client = connect()
    await client.qr()
    await client.close()
    client.creds.me = { id: '15551234567:4@s.whatsapp.net' }
    client.reconnect()
    expect(await client.closed()).toBe(401)
  })

  it('links again after the socket was lost between pair-success and 515', async () => {
    const ada = simulator.addPerson()
    simulator.faults.dropBeforeRestart()
    const client = connect()
    await ada.scanQr(await client.qr())
    expect(await client.closed()).toBe(428)
    client.reconnect()
    await client.opened()
  })

  it('refuses a client whose signature never came', async () => {
    const ada = simulator.addPerson()
    simulator.faults.dropBeforePairSign()
    const client = connect()
    await expect(ada.scanQr(await client.qr())).rejects.toThrow('as planned')
    await client.closed()
    client.reconnect()
    expect(await client.closed()).toBe(401)
  })

  it('ends the older of two connections of one device with conflict', async () => {
    const ada = simulator.addPerson()
    const client = await linkedClient(simulator, ada)
    clients.push(client)
    const second = connect()
    await second.close()
    Object.assign(second.creds, client.creds)
    second.reconnect()
    await second.opened()
    expect(await client.closed()).toBe(440)
  })

  it('tells an unlinked client that its device was removed', async () => {
    const ada = simulator.addPerson()
    const client = await linkedClient(simulator, ada)
    clients.push(client)
    await ada.unlink()
    expect(await client.closed()).toBe(401)
    client.reconnect()
    expect(await client.closed()).toBe(401)
  })

  it('unlinks the device when the client logs out', async () => {
    const ada = simulator.addPerson()
    const client = await linkedClient(simulator, ada)
    clients.push(client)
    await client.socket.logout()
    expect(await client.closed()).toBe(401)
  })

  it('answers a client that is too old with 405', async () => {
    simulator.requireWebVersion([2, 3000, 1_999_999_999])
    expect(await connect().closed()).toBe(405)
  })

  it('serves the current version on a page', async () => {
    simulator.requireWebVersion([2, 3000, 1_234_567_890])
    const page = await (await fetch(simulator.webVersionUrl)).text()
    expect(/\\?"client_revision\\?":\s*(\d+)/.exec(page)?.[1]).toBe('1234567890')
  })
})
