import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runDevices } from './devices.ts'
import { runLogin } from './login.ts'
import { RecordingTerminal } from './recording-terminal.ts'
import { StandInGateway } from './stand-in-gateway.ts'

describe('commands that talk to a running gateway', () => {
  let gateway: StandInGateway
  let terminal: RecordingTerminal

  beforeEach(async () => {
    gateway = await StandInGateway.start()
    terminal = new RecordingTerminal()
  })

  afterEach(() => gateway.stop())

  const flags = () => ({ gatewayUrl: gateway.url })

  it('lists devices in columns, or as JSON', async () => {
    gateway.devices.push(
      { id: 'main', state: 'logged_in', jid: '1@s.whatsapp.net' },
      { id: 'second', state: 'disconnected' },
    )
    await runDevices(flags(), { json: false }, terminal)
    expect(terminal.printed).toEqual([
      'DEVICE  STATE         ACCOUNT           NAME',
      'main    logged_in     1@s.whatsapp.net  -',
      'second  disconnected  -                 -',
    ])
    await runDevices(flags(), { json: true }, terminal)
    expect(JSON.parse(terminal.printed.at(-1) ?? '')).toHaveLength(2)
  })

  it('uses the first credential, and says what to set when it does not fit', async () => {
    gateway.credential = 'me:word'
    await runDevices({ ...flags(), basicAuth: 'me:word,other:x' }, { json: false }, terminal)
    expect(terminal.told).toEqual(['no devices yet; `gatewa login` makes and links one'])
    await expect(runDevices(flags(), { json: false }, terminal)).rejects.toThrow(
      'set APP_BASIC_AUTH=<user>:<secret>',
    )
  })

  it('says that nothing runs there', async () => {
    const nowhere = { gatewayUrl: gateway.url }
    await gateway.stop()
    await expect(runDevices(nowhere, { json: false }, terminal)).rejects.toThrow(
      `no gateway is running at ${nowhere.gatewayUrl}`,
    )
    gateway = await StandInGateway.start()
  })

  it('points at the doctor when WhatsApp cannot be reached', async () => {
    gateway.reachesWhatsApp = false
    await expect(runLogin({ flags: flags(), device: 'main' }, terminal)).rejects.toThrow(
      'the gateway says: reconnect error (AUTHENTICATION_ERROR); `gatewa doctor` finds out why',
    )
  })

  it('makes a device and shows its QR code until it is linked', async () => {
    await runLogin({ flags: flags(), device: undefined }, terminal)
    expect(gateway.devices.map((device) => device.id)).toEqual(['main'])
    expect(terminal.printed[0]).toContain('█')
    expect(terminal.printed.at(-1)).toBe('device main is linked to 15550100@s.whatsapp.net')
  })

  it('shows a pairing code for the number, digits only', async () => {
    gateway.devices.push({ id: 'my slot', state: 'disconnected' })
    await runLogin({ flags: flags(), device: 'my slot', phone: '+1 555-0100' }, terminal)
    expect(terminal.printed[0]).toBe('ABCD-1234')
    expect(gateway.requests).toContain('POST /devices/my%20slot/login/code?phone=15550100')
  })

  it('leaves a linked device alone', async () => {
    gateway.devices.push({ id: 'main', state: 'logged_in' })
    await runLogin({ flags: flags(), device: 'main' }, terminal)
    await runLogin({ flags: flags(), device: 'main', phone: '15550100' }, terminal)
    expect(terminal.printed).toEqual(['device main is linked already', 'device main is linked already'])
  })

  it('takes a code that is scanned while the next one is asked for', async () => {
    gateway.devices.push({ id: 'main', state: 'disconnected' })
    gateway.linkedAfterPolls = Number.POSITIVE_INFINITY
    gateway.onPicture = (device) => {
      device.state = 'logged_in'
    }
    await runLogin({ flags: flags(), device: 'main' }, terminal)
    expect(terminal.printed.at(-1)).toBe('device main is linked')
  })

  it('asks which device when there are several', async () => {
    gateway.devices.push({ id: 'a', state: 'disconnected' }, { id: 'b', state: 'disconnected' })
    await expect(runLogin({ flags: flags(), device: undefined }, terminal)).rejects.toThrow(
      'name one of a, b',
    )
  })

  it('starts no gateway of its own in place of one that was named', async () => {
    const nowhere = { gatewayUrl: gateway.url }
    await gateway.stop()
    await expect(runLogin({ flags: nowhere, device: undefined }, terminal)).rejects.toThrow(
      'no gateway is running',
    )
    gateway = await StandInGateway.start()
  })
})
