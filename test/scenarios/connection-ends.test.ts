import type { Person } from '@gatewa/simulator'
import { describe, expect } from 'vitest'
import { eventually, type WebhookEvent } from '../harness.ts'
import { resultsOf, type Stage, scenario } from '../scenario.ts'

const withDeviceEvents = {
  settings: { WHATSAPP_WEBHOOK_EVENTS: 'message,device.connected,device.disconnected,device.logged_out' },
  timeoutMs: 90_000,
}

/** How long all the devices may take to come back together: what counts is how often they do. */
const loginMs = 30_000

/** What follows a stream error, or a login that WhatsApp refuses, by WhatsApp's number; 428 is the plain end of the stream. */
const passing: Readonly<Record<number, string>> = {
  400: 'refused',
  405: 'outdated',
  408: 'connection-lost',
  409: 'outdated',
  428: 'connection-lost',
  440: 'replaced',
  500: 'connection-lost',
  503: 'connection-lost',
  515: 'restart-required',
}
const lasting: Readonly<Record<number, string>> = {
  402: 'temporarily-banned',
  403: 'banned',
  406: 'banned',
  411: 'unusable',
  418: 'unusable',
}

describe('a connection that WhatsApp ends', () => {
  scenario(
    'comes back by itself after an error that passes, told as one disconnect and one connect',
    async (stage) => {
      const { gateway, world, clock } = stage
      const people = await linkAll(stage, Object.keys(passing))
      clock.haste = 50
      for (const [code, person] of people) endStream(stage, person, Number(code))
      for (const [code, person] of people) {
        await logins(person, 2)
        await gateway.loggedIn(code)
        expect(await toldOf(stage, code, 3)).toEqual([
          'device.connected',
          `device.disconnected: ${passing[Number(code)]}`,
          'device.connected',
        ])
      }
      const bo = world.simulator.addPerson()
      for (const [code, person] of people) {
        await bo.sendText(person, `to ${code}`)
        await world.nextEvent('message', ({ payload }) => payload.body === `to ${code}`)
        expect(await gateway.sendText(code, bo.phone, `from ${code}`)).toMatchObject({ status: 200 })
      }
    },
    withDeviceEvents,
  )

  scenario(
    'waits to be told after an error that lasts, with its link kept, and does not knock again and again',
    async (stage) => {
      const { gateway, world, clock } = stage
      const people = await linkAll(stage, Object.keys(lasting))
      const { simulator } = world
      const before = simulator.acceptedConnections
      clock.haste = 50
      for (const [code, person] of people) endStream(stage, person, Number(code))
      for (const [code] of people) {
        await gateway.inState(code, 'disconnected')
        const send = await gateway.sendText(code, '628123456789', 'too early')
        expect(send).toMatchObject({ status: 401, json: { code: 'AUTHENTICATION_ERROR' } })
        expect(await toldOf(stage, code, 2)).toEqual([
          'device.connected',
          `device.disconnected: ${lasting[Number(code)]}`,
        ])
      }
      expect(simulator.acceptedConnections).toBe(before)
      for (const [code, person] of people) {
        const answer = await gateway.call('POST', `/devices/${code}/reconnect`)
        expect(answer).toMatchObject({ status: 200 })
        await logins(person, 2)
      }
      expect(simulator.acceptedConnections).toBe(before + people.size)
    },
    withDeviceEvents,
  )

  scenario(
    'forgets the link when the device was removed on the phone; slot and history stay',
    async (stage) => {
      const { gateway, world, clock } = stage
      const { ada, bo } = await stage.linkedPair()
      const { frames } = await gateway.socket('main')
      await bo.sendText(ada, 'before')
      await world.nextEvent('message')
      clock.haste = 50
      endStream(stage, ada, 401)
      const frame = await eventually('a frame', () => frames.find(({ code }) => code === 'DEVICE_LOGGED_OUT'))
      expect(frame.result).toEqual({ device_id: 'main' })
      expect(await toldOf(stage, 'main', 2)).toEqual(['device.connected', 'device.logged_out: logged-out'])
      await gateway.inState('main', 'disconnected')
      expect(world.simulator.connections()).toEqual([])
      expect(await gateway.messages('main', bo.jid)).toMatchObject([{ content: 'before' }])
      expect(await gateway.call('POST', '/devices/main/reconnect')).toMatchObject({ status: 401 })
      await ada.scanQr(await gateway.qrCode('main'))
      await gateway.loggedIn('main')
    },
    withDeviceEvents,
  )
})

describe('a login that WhatsApp refuses', () => {
  const retried = [400, 405, 408, 409, 500, 503]
  const notRetried = [402, 403, 406, 411]

  scenario(
    'is tried again by itself when that can help',
    async (stage) => {
      const { world, gateway, clock } = stage
      const people = await linkAll(stage, retried.map(String))
      clock.haste = 50
      for (const [code, person] of people) world.simulator.faults.failNextLogin(person, Number(code))
      world.simulator.dropConnections()
      for (const [code, person] of people) {
        await logins(person, 2)
        await gateway.loggedIn(code)
        expect(person.linkedDevices).toHaveLength(1)
      }
    },
    withDeviceEvents,
  )

  scenario(
    'is tried once when it is one that lasts, and again only when told to',
    async (stage) => {
      const { world, gateway, clock } = stage
      const { simulator } = world
      const people = await linkAll(stage, notRetried.map(String))
      const before = simulator.acceptedConnections
      clock.haste = 50
      for (const [code, person] of people) simulator.faults.failNextLogin(person, Number(code), 2)
      simulator.dropConnections()
      const tried = (count: number) => simulator.acceptedConnections === before + count || undefined
      await eventually(
        'one try each',
        () => tried(people.size),
        () => simulator.acceptedConnections - before,
      )
      for (const [code] of people) {
        await gateway.inState(code, 'disconnected')
        const refused = await gateway.call('POST', `/devices/${code}/reconnect`)
        expect(refused, code).toMatchObject({ status: 403, json: { code: 'WHATSAPP_REFUSED' } })
      }
      expect(tried(2 * people.size)).toBe(true)
      for (const [code, person] of people) {
        if (code === '411') await person.scanQr(await gateway.qrCode(code))
        else await gateway.call('POST', `/devices/${code}/reconnect`)
        await gateway.loggedIn(code)
      }
    },
    withDeviceEvents,
  )

  scenario(
    'with 400 is given up after three tries in a row',
    async (stage) => {
      const { world, gateway, clock } = stage
      const { ada } = await stage.linkedPair()
      const before = world.simulator.acceptedConnections
      clock.haste = 50
      world.simulator.faults.failNextLogin(ada, 400, 3)
      world.simulator.dropConnections()
      await eventually('three tries', () => world.simulator.acceptedConnections >= before + 3 || undefined)
      await gateway.inState('main', 'disconnected')
      expect(await gateway.call('POST', '/devices/main/reconnect')).toMatchObject({ status: 200 })
      expect(world.simulator.acceptedConnections).toBe(before + 4)
    },
    withDeviceEvents,
  )

  scenario(
    'with 401 means that the link is gone: its keys are forgotten, the slot stays',
    async (stage) => {
      const { world, gateway, clock } = stage
      const { ada } = await stage.linkedPair()
      const { frames } = await gateway.socket('main')
      clock.haste = 50
      await world.simulator.cutNetwork()
      await ada.unlink()
      await world.simulator.restoreNetwork()
      await eventually('a frame', () => frames.find(({ code }) => code === 'DEVICE_LOGGED_OUT'))
      await gateway.inState('main', 'disconnected')
      const { jid } = resultsOf<{ jid: string }>(await gateway.call('GET', '/devices/main'))
      expect(jid).toBe(ada.jid)
      await ada.scanQr(await gateway.qrCode('main'))
      await gateway.loggedIn('main')
    },
    withDeviceEvents,
  )
})

/** Links one person's device under each name. */
async function linkAll({ gateway, world }: Stage, names: readonly string[]): Promise<Map<string, Person>> {
  const people = new Map(names.map((name) => [name, world.simulator.addPerson({ name })]))
  await Promise.all([...people].map(([name, person]) => gateway.link(person, name)))
  return people
}

function endStream({ world }: Stage, person: Person, code: number): void {
  if (code === 428) world.simulator.faults.streamEnd(person)
  else world.simulator.faults.streamError(person, code)
}

/** Waits until the person's only linked device has logged in that often. */
async function logins(person: Person, count: number): Promise<void> {
  await eventually(
    `login ${count} of ${person.name}`,
    () => person.linkedDevices[0]?.logins === count || undefined,
    () => person.linkedDevices.map((device) => device.logins),
    loginMs,
  )
}

/** The device events of a slot so far, once there are `count`. */
async function toldOf({ world }: Stage, device: string, count: number): Promise<string[]> {
  const told = () => world.events().filter((event) => event.session_id === device && isDeviceEvent(event))
  await eventually('device events', () => told().length >= count || undefined, told)
  return told().map(({ event, payload }) =>
    typeof payload['reason'] === 'string' ? `${event}: ${payload['reason']}` : event,
  )
}

function isDeviceEvent({ event }: WebhookEvent): boolean {
  return event.startsWith('device.')
}
