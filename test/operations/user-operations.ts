import sharp from 'sharp'
import { expect } from 'vitest'
import { type Answer, eventually } from '../harness.ts'
import { resultsOf } from '../scenario.ts'
import { myGroupsOperation } from './group-operations.ts'
import type { Operation, OperationWorld, RefusedCall } from './operation.ts'

function ask(path: string, query: Readonly<Record<string, string>> = {}, device = 'main') {
  return ({ gateway }: OperationWorld): Promise<Answer> => {
    const search = new URLSearchParams(query).toString()
    return gateway.call('GET', search === '' ? path : `${path}?${search}`, { device })
  }
}

const unknownNumber = '62899999999'

/** What every question about a person refuses. */
function personRefusals(path: string): Readonly<Record<string, RefusedCall>> {
  return {
    'a request without a phone': {
      call: ask(path),
      status: 400,
      code: 'VALIDATION_ERROR',
      message: 'phone: cannot be blank.',
    },
    'a phone with a leading zero': {
      call: ask(path, { phone: '0812' }),
      status: 400,
      code: 'VALIDATION_ERROR',
    },
    'what is no number': {
      call: ask(path, { phone: 'letters' }),
      status: 400,
      code: 'INVALID_JID',
      message: 'Phone letters@s.whatsapp.net is not on whatsapp',
    },
    'what is no address': { call: ask(path, { phone: 'nobody@nowhere' }), status: 400, code: 'INVALID_JID' },
    ...deviceRefusals(path, { phone: unknownNumber }),
  }
}

function deviceRefusals(
  path: string,
  query: Readonly<Record<string, string>> = {},
): Readonly<Record<string, RefusedCall>> {
  return {
    'a device that is unknown': { call: ask(path, query, 'nobody'), status: 404, code: 'DEVICE_NOT_FOUND' },
    'a device that was never linked': {
      call: ask(path, query, 'blank'),
      status: 401,
      code: 'AUTHENTICATION_ERROR',
      message: 'you are not logged in',
    },
  }
}

async function aPicture(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#3366cc' } })
    .png()
    .toBuffer()
}

async function postAvatar({ gateway }: OperationWorld, file: Blob | null, device = 'main'): Promise<Answer> {
  const form = new FormData()
  if (file !== null) form.set('avatar', file, 'me.png')
  else form.set('nothing', 'here')
  const answer = await fetch(`${gateway.url}/user/avatar`, {
    method: 'POST',
    headers: { 'x-device-id': device },
    body: form,
  })
  const text = await answer.text()
  return { status: answer.status, text, json: JSON.parse(text) as Answer['json'] } // the envelope
}

function pushName(body: object, device = 'main') {
  return ({ gateway }: OperationWorld) => gateway.call('POST', '/user/pushname', { device, body })
}

const questions: readonly Operation[] = [
  {
    operationId: 'userInfo',
    works: async (world) => {
      const shop = world.world.simulator.addPerson({ name: 'Shop' })
      shop.account.businessName = 'Shop & Co'
      await shop.setStatusText('Open till six')
      const answer = await ask('/user/info', { phone: shop.phone })(world)
      const info = resultsOf<{ data: object[]; devices: object[] }>(answer)
      expect(info).toMatchObject({ verified_name: 'Shop & Co', status: 'Open till six' })
      expect(info.devices[0]).toMatchObject({ User: shop.phone, Server: 's.whatsapp.net', AD: false })
      // The reference answers a list of one; what the contract has is beside it.
      const { data, ...person } = info
      expect(data).toEqual([person])
      // The LID of somebody known is as good as the number, and each is told beside the other.
      await world.gateway.sendText('main', world.bo.phone, 'known from now on')
      const byNumber = await ask('/user/info', { phone: world.bo.phone })(world)
      expect(resultsOf(byNumber)).toMatchObject({ resolved_lid: world.bo.lid })
      expect(resultsOf(byNumber)).not.toHaveProperty('resolved_phone')
      const byLid = await ask('/user/info', { phone: world.bo.lid })(world)
      expect(resultsOf(byLid)).toMatchObject({
        resolved_phone: world.bo.phone,
        resolved_lid: world.bo.lid,
        data: [{ devices: [{ User: world.bo.phone }] }],
      })
      return answer
    },
    refuses: {
      ...personRefusals('/user/info'),
      'a number that is not on WhatsApp': {
        call: ask('/user/info', { phone: unknownNumber }),
        status: 400,
        code: 'INVALID_JID',
      },
    },
  },
  {
    operationId: 'userAvatar',
    works: async (world) => {
      const { pictures } = world.world.simulator
      const id = pictures.set(
        world.cy.lid,
        await sharp(await aPicture(64, 64))
          .jpeg()
          .toBuffer(),
      )
      const answer = await ask('/user/avatar', { phone: world.cy.phone, is_preview: 'false' })(world)
      expect(resultsOf<object>(answer)).toMatchObject({ id, type: 'image' })
      const byLid = await ask('/user/avatar', { phone: world.cy.lid })(world)
      expect(resultsOf<object>(byLid)).toMatchObject({ id, type: 'image' })
      // Forms send what is left empty, and programs other words for yes.
      const form = await ask('/user/avatar', { phone: world.cy.phone, is_preview: '', is_community: '0' })(
        world,
      )
      expect(resultsOf<object>(form)).toMatchObject({ type: 'image' })
      const small = await ask('/user/avatar', { phone: world.cy.phone, is_preview: 't' })(world)
      expect(resultsOf<object>(small)).toMatchObject({ type: 'preview' })
      return answer
    },
    refuses: {
      ...personRefusals('/user/avatar'),
      'somebody without a picture': {
        call: (world) => {
          const plain = world.world.simulator.addPerson({ name: 'Plain' })
          return ask('/user/avatar', { phone: plain.phone })(world)
        },
        status: 404,
      },
      'a picture that is hidden': {
        call: (world) => {
          const shy = world.world.simulator.addPerson({ name: 'Shy' })
          shy.account.privacy.set('profile', 'none')
          return ask('/user/avatar', { phone: shy.phone })(world)
        },
        status: 403,
      },
      'a wish that is neither yes nor no': {
        call: ask('/user/avatar', { phone: '628111', is_preview: 'perhaps' }),
        status: 400,
      },
    },
  },
  {
    operationId: 'userCheck',
    works: async (world) => {
      const answer = await ask('/user/check', { phone: world.bo.phone })(world)
      expect(resultsOf<object>(answer)).toEqual({ is_on_whatsapp: true })
      const nobody = await ask('/user/check', { phone: unknownNumber })(world)
      expect(resultsOf<object>(nobody)).toEqual({ is_on_whatsapp: false })
      const byLid = await ask('/user/check', { phone: world.bo.lid })(world)
      expect(resultsOf<object>(byLid)).toEqual({ is_on_whatsapp: true })
      // As people type numbers: a check is what tells that they are none.
      for (const phone of ['0812345678', 'letters', '+', `+0${world.bo.phone}`]) {
        const check = await ask('/user/check', { phone })(world)
        expect(resultsOf<object>(check), phone).toEqual({ is_on_whatsapp: false })
      }
      return answer
    },
    refuses: {
      'a request without a phone': {
        call: ask('/user/check'),
        status: 400,
        code: 'VALIDATION_ERROR',
        message: 'phone: cannot be blank.',
      },
      'a group': {
        call: ask('/user/check', { phone: '120363024512399999@g.us' }),
        status: 400,
        code: 'INVALID_JID',
      },
      'what is no address': {
        call: ask('/user/check', { phone: 'nobody@nowhere' }),
        status: 400,
        code: 'INVALID_JID',
      },
      ...deviceRefusals('/user/check', { phone: unknownNumber }),
    },
  },
  {
    operationId: 'userBusinessProfile',
    works: async (world) => {
      const shop = world.world.simulator.addPerson({ name: 'Bakery' })
      shop.account.businessName = 'Bakery'
      shop.account.business = {
        email: 'hi@bakery.example',
        address: '1 Main Street',
        categories: [{ id: '42', name: 'Bakery' }],
        options: { cart_enabled: 'true' },
        timezone: 'Asia/Jakarta',
        hours: [{ day: 'mon', mode: 'specific_hours', open: 600, close: 1125 }],
      }
      // Asked by LID, which somebody known has beside the number.
      await ask('/user/info', { phone: shop.phone })(world)
      const byLid = await ask('/user/business-profile', { phone: shop.lid })(world)
      expect(byLid.status, byLid.text).toBe(200)
      const answer = await ask('/user/business-profile', { phone: shop.phone })(world)
      expect(resultsOf<object>(answer)).toEqual({
        jid: shop.jid,
        email: 'hi@bakery.example',
        address: '1 Main Street',
        categories: [{ id: '42', name: 'Bakery' }],
        profile_options: { cart_enabled: 'true' },
        business_hours_timezone: 'Asia/Jakarta',
        business_hours: [
          { day_of_week: 'mon', mode: 'specific_hours', open_time: '10:00', close_time: '18:45' },
        ],
      })
      return answer
    },
    refuses: {
      ...personRefusals('/user/business-profile'),
      'somebody who is no business': {
        call: (world) => ask('/user/business-profile', { phone: world.cy.phone })(world),
        status: 404,
      },
    },
  },
]

const account: readonly Operation[] = [
  {
    operationId: 'userChangeAvatar',
    works: async (world) => {
      const file = new Blob([new Uint8Array(await aPicture(900, 600))], { type: 'image/png' })
      const answer = await postAvatar(world, file)
      const jpeg = world.world.simulator.pictures.bytesOf(world.ada.lid)
      expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 600, height: 600 })
      expect(resultsOf<string>(answer)).toBe(world.world.simulator.pictures.idOf(world.ada.lid))
      return answer
    },
    refuses: {
      'a form without a picture': {
        call: (world) => postAvatar(world, null),
        status: 400,
        code: 'VALIDATION_ERROR',
        message: 'avatar: cannot be blank.',
      },
      'what is no picture': {
        call: (world) => postAvatar(world, new Blob(['no picture'], { type: 'image/png' })),
        status: 400,
      },
      'a device that was never linked': {
        call: async (world) => postAvatar(world, new Blob([new Uint8Array(await aPicture(9, 9))]), 'blank'),
        status: 401,
        message: 'you are not logged in',
      },
    },
  },
  {
    operationId: 'userChangePushName',
    works: async (world) => {
      const owner = world.world.simulator.addPerson({ name: 'Before' })
      await world.gateway.link(owner, 'renamed')
      const written = () =>
        world.world.simulator.appState
          .of(owner.account)
          .mutations.findLast(({ index }) => index[0] === 'setting_pushName')?.value.pushNameSetting?.name
      // What the phone sends after linking still has the name of before.
      const device = await owner.hasClientOnline()
      await eventually('the end of what the phone sends after linking', () => {
        const { mutations } = world.world.simulator.appState.of(owner.account)
        return (mutations.length > 0 && device.queue.unconfirmed.length === 0) || undefined
      })
      // The phone hands over the keys for settings a moment after a device was linked.
      const answer = await eventually('the keys for settings', async () => {
        const tried = await pushName({ push_name: 'After' }, 'renamed')(world)
        return tried.json.code === 'APP_STATE_NOT_READY' ? undefined : tried
      })
      expect(written(), answer.text).toBe('After')
      expect(owner.name).toBe('After')
      await eventually('the new name in our own list', async () => {
        const shown = resultsOf<{ display_name?: string }>(
          await world.gateway.call('GET', '/devices/renamed'),
        )
        return shown.display_name === 'After' || undefined
      })
      return answer
    },
    mayLack: ['results'],
    refuses: {
      'an empty name': {
        call: pushName({ push_name: '' }),
        status: 400,
        code: 'VALIDATION_ERROR',
        message: 'push_name: cannot be blank.',
      },
      'a name of another type': { call: pushName({ push_name: 7 }), status: 400, code: 'VALIDATION_ERROR' },
      'a device that is unknown': {
        call: pushName({ push_name: 'x' }, 'nobody'),
        status: 404,
        code: 'DEVICE_NOT_FOUND',
      },
      'a device that was never linked': { call: pushName({ push_name: 'x' }, 'blank'), status: 401 },
    },
  },
  {
    operationId: 'userMyPrivacy',
    works: async (world) => {
      world.ada.account.privacy.set('groupadd', 'contacts')
      const answer = await ask('/user/my/privacy')(world)
      world.ada.account.privacy.set('groupadd', 'all')
      expect(resultsOf<object>(answer)).toMatchObject({ group_add: 'contacts', read_receipts: 'all' })
      return answer
    },
    refuses: deviceRefusals('/user/my/privacy'),
  },
  myGroupsOperation,
  {
    operationId: 'userMyNewsletter',
    works: async (world) => {
      const { simulator } = world.world
      const news = simulator.addNewsletter({ name: 'Daily', owner: world.bo, followers: [world.ada] })
      const answer = await ask('/user/my/newsletters')(world)
      const { data } = resultsOf<{ data: { id: string; thread_metadata: object }[] }>(answer)
      expect(data.find(({ id }) => id === news.jid)?.thread_metadata).toMatchObject({
        name: { text: 'Daily' },
      })
      return answer
    },
    mayLack: [
      'results.data.thread_metadata.picture',
      'results.data.thread_metadata.preview.hash',
      'results.data.viewer_metadata',
    ],
    refuses: deviceRefusals('/user/my/newsletters'),
  },
  {
    operationId: 'userMyContacts',
    works: async (world) => {
      const eve = world.world.simulator.addPerson({ name: 'Eve' })
      await eve.sendText(world.ada, 'I am new')
      await world.gateway.message('main', eve.jid, ({ content }) => content === 'I am new')
      const answer = await ask('/user/my/contacts')(world)
      expect(resultsOf<{ data: object[] }>(answer).data).toContainEqual({ jid: eve.jid, name: 'Eve' })
      return answer
    },
    refuses: deviceRefusals('/user/my/contacts'),
  },
]

/** What is promised of the operations under `/user`. */
export const userOperations: readonly Operation[] = [...questions, ...account]
