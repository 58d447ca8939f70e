import type { Person } from '@gatewa/simulator'
import { expect } from 'vitest'
import { type Answer, eventually, type Gateway } from '../harness.ts'
import { resultsOf } from '../scenario.ts'
import type { Operation, OperationWorld, RefusedCall } from './operation.ts'

/** A slot as `/devices` shows it. */
interface Slot {
  readonly id: string
  readonly state: string
  readonly jid?: string
}

let slots = 0

/** An empty slot for one call alone. */
async function freshSlot(gateway: Gateway): Promise<string> {
  const id = `slot-${++slots}`
  await gateway.addSlot(id)
  return id
}

/** A slot that is linked to somebody who is nobody else's. */
async function linkedSlot({ world, gateway }: OperationWorld): Promise<{ id: string; owner: Person }> {
  const id = `linked-${++slots}`
  const owner = world.simulator.addPerson({ name: `Owner of ${id}` })
  await gateway.link(owner, id)
  return { id, owner }
}

/** The answer shows a code that a phone can scan, and a picture of it. */
async function expectToLink({ world, gateway }: OperationWorld, id: string, answer: Answer): Promise<void> {
  const { qr_link, qr_code } = resultsOf<{ qr_link: string; qr_code: string }>(answer)
  const picture = await fetch(qr_link)
  expect(picture.headers.get('content-type')).toBe('image/png')
  await picture.body?.cancel()
  const owner = world.simulator.addPerson({ name: 'Scanner' })
  await owner.scanQr(qr_code)
  await gateway.loggedIn(id)
}

/** The answer's code, typed on a phone, links the slot. */
async function expectCodeToLink({ gateway }: OperationWorld, owner: Person, id: string, answer: Answer) {
  await owner.enterPairingCode(resultsOf<{ pair_code: string }>(answer).pair_code)
  await gateway.loggedIn(id)
  expect(owner.linkedDevices).toHaveLength(1)
}

function get(path: string, device?: string) {
  return ({ gateway }: OperationWorld) => gateway.call('GET', path, device === undefined ? {} : { device })
}

function post(path: string, body?: object) {
  return ({ gateway }: OperationWorld) => gateway.call('POST', path, body === undefined ? {} : { body })
}

const ofNobody = { status: 404, code: 'DEVICE_NOT_FOUND' } as const
const notLinked = { status: 401, code: 'AUTHENTICATION_ERROR', message: 'you are not logged in' } as const
const alreadyIn = { status: 400, code: 'ALREADY_LOGGED_IN', message: 'you are already logged in.' } as const

/** A scoped operation without a device that it could be for. */
function scopeRefusals(path: string): Readonly<Record<string, RefusedCall>> {
  return {
    'a device that is unknown': { call: get(path, 'nobody'), ...ofNobody },
    'a request that names none of several devices': {
      call: get(path),
      status: 400,
      code: 'DEVICE_ID_REQUIRED',
      message: 'device_id is required via X-Device-Id header or device_id query',
    },
  }
}

const appOnly: readonly Operation[] = [
  {
    operationId: 'appLogin',
    works: async (world) => {
      const id = await freshSlot(world.gateway)
      const answer = await world.gateway.call('GET', '/app/login', { device: id })
      await expectToLink(world, id, answer)
      return answer
    },
    refuses: {
      'a device that is linked': { call: get('/app/login', 'main'), ...alreadyIn },
      ...scopeRefusals('/app/login'),
    },
  },
  {
    operationId: 'appLoginWithCode',
    works: async (world) => {
      const id = await freshSlot(world.gateway)
      const owner = world.world.simulator.addPerson({ name: 'Typist' })
      const answer = await world.gateway.call('GET', `/app/login-with-code?phone=${owner.phone}`, {
        device: id,
      })
      await expectCodeToLink(world, owner, id, answer)
      return answer
    },
    refuses: {
      'a request without a number': {
        call: get('/app/login-with-code', 'blank'),
        status: 400,
        code: 'VALIDATION_ERROR',
        message: 'phone_number(): cannot be blank',
      },
      'what is no number': {
        call: get('/app/login-with-code?phone=62x', 'blank'),
        status: 400,
        code: 'VALIDATION_ERROR',
        message: 'phone_number(62x): must be in a valid format',
      },
      'a device that is linked': {
        call: get('/app/login-with-code?phone=6281100000001', 'main'),
        ...alreadyIn,
      },
      ...scopeRefusals('/app/login-with-code?phone=6281100000001'),
    },
  },
  {
    operationId: 'appLogout',
    works: async (world) => {
      const { id, owner } = await linkedSlot(world)
      const answer = await world.gateway.call('GET', '/app/logout', { device: id })
      await eventually('the phone losing the device', () => owner.linkedDevices.length === 0 || undefined)
      await world.gateway.inState(id, 'disconnected')
      return answer
    },
    refuses: {
      'a device that was never linked': { call: get('/app/logout', 'blank'), ...notLinked },
      ...scopeRefusals('/app/logout'),
    },
  },
  {
    operationId: 'appReconnect',
    works: async (world) => {
      const { id, owner } = await linkedSlot(world)
      const answer = await world.gateway.call('GET', '/app/reconnect', { device: id })
      await world.gateway.loggedIn(id)
      await owner.hasClientOnline()
      return answer
    },
    refuses: {
      'a device that was never linked': { call: get('/app/reconnect', 'blank'), ...notLinked },
      ...scopeRefusals('/app/reconnect'),
    },
  },
  {
    operationId: 'appDevices',
    works: async (world) => {
      const answer = await get('/app/devices')(world)
      expect(resultsOf<{ device: string; name: string }[]>(answer)).toContainEqual(
        expect.objectContaining({ device: 'main', name: 'Ada' }),
      )
      return answer
    },
    mayLack: ['results.jid'],
  },
  {
    operationId: 'appStatus',
    works: async (world) => {
      const answer = await get('/app/status', 'main')(world)
      expect(resultsOf<object>(answer)).toMatchObject({
        device_id: 'main',
        is_connected: true,
        is_logged_in: true,
      })
      expect(resultsOf<object>(await get('/app/status', 'blank')(world))).toMatchObject({
        is_logged_in: false,
      })
      return answer
    },
    refuses: scopeRefusals('/app/status'),
  },
]

const deviceOperations: readonly Operation[] = [
  {
    operationId: 'listDevices',
    works: async (world) => {
      const id = await freshSlot(world.gateway)
      const answer = await get('/devices')(world)
      const listed = resultsOf<Slot[]>(answer)
      expect(listed.slice(0, 2).map((slot) => slot.id)).toEqual(['main', 'blank'])
      expect(listed.at(-1)).toMatchObject({ id, state: 'disconnected' })
      return answer
    },
    mayLack: ['results.phone_number', 'results.display_name', 'results.jid'],
  },
  {
    operationId: 'addDevice',
    works: async (world) => {
      const id = `slot-${++slots}`
      const answer = await post('/devices', { device_id: id })(world)
      expect(resultsOf<Slot>(await get(`/devices/${id}`)(world))).toMatchObject({ id, state: 'disconnected' })
      return answer
    },
    mayLack: ['results.phone_number'],
    refuses: {
      'an id that is taken': {
        call: post('/devices', { device_id: 'main' }),
        status: 400,
        code: 'DEVICE_ALREADY_EXISTS',
      },
      'an id of another type': { call: post('/devices', { device_id: 7 }), status: 400 },
      'a body that is no object': { call: post('/devices', []), status: 400 },
    },
  },
  {
    operationId: 'getDevice',
    works: async (world) => {
      const answer = await get('/devices/main')(world)
      expect(resultsOf<Slot>(answer)).toMatchObject({ id: 'main', jid: world.ada.jid, state: 'logged_in' })
      return answer
    },
    refuses: { 'a device that is unknown': { call: get('/devices/nobody'), ...ofNobody } },
  },
  {
    operationId: 'removeDevice',
    works: async (world) => {
      const { id, owner } = await linkedSlot(world)
      const answer = await world.gateway.call('DELETE', `/devices/${id}`)
      expect(await get(`/devices/${id}`)(world)).toMatchObject({ status: 404 })
      // Forgotten here, and still on the phone's list.
      expect(owner.linkedDevices).toHaveLength(1)
      await eventually(
        'the connection being closed',
        () => owner.linkedDevices.every(({ isOnline }) => !isOnline) || undefined,
      )
      return answer
    },
    mayLack: ['results'],
    refuses: {
      'a device that is unknown': {
        call: ({ gateway }) => gateway.call('DELETE', '/devices/nobody'),
        ...ofNobody,
      },
    },
  },
  {
    operationId: 'loginDevice',
    works: async (world) => {
      const id = await freshSlot(world.gateway)
      const answer = await get(`/devices/${id}/login`)(world)
      await expectToLink(world, id, answer)
      return answer
    },
    refuses: {
      'a device that is unknown': { call: get('/devices/nobody/login'), ...ofNobody },
      'a device that is linked': { call: get('/devices/main/login'), ...alreadyIn },
    },
  },
  {
    operationId: 'loginDeviceWithCode',
    works: async (world) => {
      const id = await freshSlot(world.gateway)
      const owner = world.world.simulator.addPerson({ name: 'Typist' })
      const answer = await post(`/devices/${id}/login/code?phone=${owner.phone}`)(world)
      await expectCodeToLink(world, owner, id, answer)
      return answer
    },
    refuses: {
      'a device that is unknown': {
        call: post('/devices/nobody/login/code?phone=6281100000001'),
        ...ofNobody,
      },
      'a device that is linked': { call: post('/devices/main/login/code?phone=6281100000001'), ...alreadyIn },
      'a request without a number': {
        call: post('/devices/blank/login/code'),
        status: 400,
        code: 'VALIDATION_ERROR',
      },
    },
  },
  {
    operationId: 'logoutDevice',
    works: async (world) => {
      const { id, owner } = await linkedSlot(world)
      const answer = await post(`/devices/${id}/logout`)(world)
      await eventually('the phone losing the device', () => owner.linkedDevices.length === 0 || undefined)
      expect(await get(`/devices/${id}`)(world)).toMatchObject({ status: 200 })
      return answer
    },
    mayLack: ['results'],
    refuses: {
      'a device that is unknown': { call: post('/devices/nobody/logout'), ...ofNobody },
      'a device that was never linked': { call: post('/devices/blank/logout'), ...notLinked },
    },
  },
  {
    operationId: 'reconnectDevice',
    works: async (world) => {
      const { id, owner } = await linkedSlot(world)
      const answer = await post(`/devices/${id}/reconnect`)(world)
      await world.gateway.loggedIn(id)
      await owner.hasClientOnline()
      return answer
    },
    mayLack: ['results'],
    refuses: {
      'a device that is unknown': { call: post('/devices/nobody/reconnect'), ...ofNobody },
      'a device that was never linked': { call: post('/devices/blank/reconnect'), ...notLinked },
    },
  },
  {
    operationId: 'getDeviceStatus',
    works: async (world) => {
      const answer = await get('/devices/main/status')(world)
      expect(resultsOf<object>(answer)).toMatchObject({
        device_id: 'main',
        is_connected: true,
        is_logged_in: true,
      })
      return answer
    },
    refuses: { 'a device that is unknown': { call: get('/devices/nobody/status'), ...ofNobody } },
  },
]

/** What is promised of the operations under `/app` and `/devices`. */
export const appOperations: readonly Operation[] = [...appOnly, ...deviceOperations]
