import { createGatewa } from '@gatewa/sdk'
import type { Person } from '@gatewa/simulator'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Gateway, TestWorld } from '../harness.ts'

const operator = `Basic ${Buffer.from('u:p').toString('base64')}`

interface Result {
  readonly isError?: boolean
  readonly text: string
  readonly content: readonly { type: string; text?: string; data?: string; mimeType?: string }[]
  readonly structuredContent?: Readonly<Record<string, unknown>>
}

describe('tools for models at /mcp', () => {
  let world: TestWorld
  let gateway: Gateway
  let ada: Person
  let bo: Person

  beforeAll(async () => {
    world = await TestWorld.open('sqlite', { settings: { APP_BASIC_AUTH: 'u:p', WHATSAPP_WEBHOOK: '' } })
    gateway = await world.startGateway()
    gateway.headers = { authorization: operator }
    ada = world.simulator.addPerson({ name: 'Ada' })
    bo = world.simulator.addPerson({ name: 'Bo' })
    await gateway.link(ada, 'main')
  }, 60_000)
  afterAll(() => world.close())

  async function keyFor(wishes: object): Promise<string> {
    const sdk = createGatewa({ url: gateway.url, basic: { user: 'u', password: 'p' } })
    const { key } = await sdk.createKey({ name: 'model', scopes: ['read'], ...wishes })
    return `Bearer ${key}`
  }

  /** A client of the protocol as others write them, and a short way to call tools. */
  async function aClient(authorization = operator, headers: Record<string, string> = {}) {
    const client = new Client({ name: 'test', version: '1' })
    const requestInit = { headers: { authorization, ...headers } }
    await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), { requestInit }))
    onTestFinished(() => client.close())
    const call = async (name: string, args: Record<string, unknown>): Promise<Result> => {
      const result = (await client.callTool({ name, arguments: args })) as Omit<Result, 'text'> // content as above
      return { ...result, text: result.content.map(({ text = '' }) => text).join('\n') }
    }
    const tools = async () => {
      const listed = await client.listTools()
      return new Map(
        listed.tools.map(({ name, inputSchema }) => {
          const { properties = {}, required = [] } = inputSchema as {
            properties?: Record<string, { enum?: string[]; type?: string; description?: string }>
            required?: string[]
          } // JSON schema of an object
          return [name, { properties, required }]
        }),
      )
    }
    return { client, call, tools }
  }

  it('are the five of the reference with their arguments', async () => {
    const { client, tools } = await aClient()
    expect(client.getServerVersion()).toMatchObject({ name: 'Gatewa' })
    const listed = await tools()
    const values = Object.fromEntries(
      [...listed].map(([name, { properties }]) => [name, (properties['type'] ?? properties['action'])?.enum]),
    )
    expect(values).toEqual({
      whatsapp_send: [
        'text',
        'image',
        'video',
        'audio',
        'document',
        'sticker',
        'location',
        'contact',
        'poll',
        'link',
        'forward',
      ],
      whatsapp_message: [
        'react',
        'edit',
        'revoke',
        'delete',
        'mark_read',
        'star',
        'unstar',
        'download_media',
      ],
      whatsapp_chat: ['list_chats', 'list_contacts', 'get_messages', 'archive'],
      whatsapp_group: [
        'create',
        'join_with_link',
        'leave',
        'info',
        'participants',
        'add_participants',
        'remove_participants',
        'promote',
        'demote',
        'invite_link',
        'set_name',
        'set_topic',
        'set_settings',
        'join_requests',
        'manage_join_requests',
      ],
      whatsapp_app: ['status', 'login_qr', 'login_code', 'logout', 'reconnect'],
    })
    const names = (tool: string) => Object.keys(listed.get(tool)?.properties ?? {})
    expect(names('whatsapp_send')).toEqual(
      expect.arrayContaining([
        'phone',
        'is_forwarded',
        'message',
        'reply_message_id',
        'mentions',
        'image_url',
        'caption',
        'view_once',
        'compress',
        'hd',
        'video_url',
        'gif_playback',
        'audio_url',
        'ptt',
        'file_url',
        'sticker_url',
        'latitude',
        'longitude',
        'contact_name',
        'contact_phone',
        'question',
        'options',
        'max_answer',
        'link',
        'message_id',
        'duration',
        'force_reupload',
        'device_id',
        'dry_run',
      ]),
    )
    // A model has no files to put into a form.
    for (const file of ['image', 'video', 'audio', 'file', 'sticker'])
      expect(names('whatsapp_send')).not.toContain(file)
    expect(listed.get('whatsapp_send')?.required).toEqual(['type', 'phone'])
    expect(listed.get('whatsapp_message')?.required).toEqual(['action', 'message_id', 'phone'])
    expect(names('whatsapp_group')).toEqual(
      expect.arrayContaining([
        'title',
        'participants',
        'invite_link',
        'reset',
        'name',
        'topic',
        'announce',
        'locked',
        'request_action',
      ]),
    )
    expect(names('whatsapp_group')).not.toContain('link')
    expect(listed.get('whatsapp_group')?.properties['topic']?.description).toContain('For action set_topic.')
  })

  it('send, and act on what was sent', async () => {
    const { call } = await aClient()
    const sent = await call('whatsapp_send', { type: 'text', phone: bo.phone, message: 'by a model' })
    const arrived = await bo.receives('by a model')
    expect(sent.structuredContent).toMatchObject({ message_id: arrived.id })
    const target = { phone: bo.phone, message_id: arrived.id }
    await call('whatsapp_message', { action: 'edit', ...target, message: 'by a better model' })
    await bo.receives('by a better model')
    expect((await call('whatsapp_message', { action: 'star', ...target })).isError).toBeUndefined()
    await call('whatsapp_send', {
      type: 'poll',
      phone: bo.phone,
      question: 'When?',
      options: ['now', 'later'],
    })
    const poll = await bo.receives(({ message }) => message.pollCreationMessageV3 != null)
    expect(poll.message.pollCreationMessageV3?.selectableOptionsCount).toBe(1)
    const read = await call('whatsapp_chat', {
      action: 'get_messages',
      chat_jid: bo.jid,
      limit: 10,
      search: 'better',
    })
    expect(read.text).toContain(arrived.id)
    expect((await call('whatsapp_chat', { action: 'list_chats' })).text).toContain(bo.jid)
    expect(
      (await call('whatsapp_chat', { action: 'archive', chat_jid: bo.jid, archived: true })).isError,
    ).toBeUndefined()
  })

  it('send once under a key, however often they are called', async () => {
    const { call, client, tools } = await aClient()
    const listed = await tools()
    expect(listed.get('whatsapp_send')?.properties['idempotency_key']?.description).toContain(
      'never sends again',
    )
    for (const name of ['whatsapp_message', 'whatsapp_chat', 'whatsapp_group', 'whatsapp_app'])
      expect(Object.keys(listed.get(name)?.properties ?? {}), name).not.toContain('idempotency_key')
    const message = { type: 'text', phone: bo.phone, message: 'once by a model' }
    const copies = (text: string) => bo.inbox.filter((each) => each.text === text).length

    const first = await call('whatsapp_send', { ...message, idempotency_key: 'k 1' })
    expect(first.isError).toBeUndefined()
    const again = await call('whatsapp_send', { ...message, idempotency_key: 'k 1' })
    expect(again.structuredContent).toEqual(first.structuredContent)
    // The same key as the header of the same request.
    const byRest = await gateway.call('POST', '/send/message', {
      headers: { authorization: operator, 'idempotency-key': 'k 1' },
      body: { phone: bo.phone, message: 'once by a model' },
    })
    expect(byRest.json.results).toEqual(first.structuredContent)
    const other = await call('whatsapp_send', { ...message, message: 'another', idempotency_key: 'k 1' })
    expect(other).toMatchObject({ isError: true })
    expect(other.text).toContain('IDEMPOTENCY_KEY_REUSED')
    for (const idempotency_key of ['', 'é', 'x'.repeat(256)])
      expect((await call('whatsapp_send', { ...message, idempotency_key })).text).toContain(
        'Idempotency-Key: must be',
      )
    expect((await call('whatsapp_send', { ...message, idempotency_key: 7 })).text).toContain('must be a text')
    const edit = { action: 'edit', phone: bo.phone, message_id: 'x', message: 'y' }
    expect((await call('whatsapp_message', { ...edit, idempotency_key: 'k 1' })).text).toBe(
      'idempotency_key: whatsapp_message takes none.',
    )

    // By a client that repeats calls itself: calls at once, too, are one message.
    const byMeta = (args: object, key: string, name = 'whatsapp_send') =>
      client.callTool({ name, arguments: { ...args }, _meta: { 'idempotency-key': key } })
    const meant = { ...message, message: 'once by a client' }
    const atOnce = await Promise.all([byMeta(meant, 'k 2'), byMeta(meant, 'k 2')])
    const last = await byMeta(meant, 'k 2')
    for (const result of atOnce)
      if (result.isError !== true) expect(result.structuredContent).toEqual(last.structuredContent)
      else expect(JSON.stringify(result.content)).toContain('IDEMPOTENCY_IN_PROGRESS')
    expect((await byMeta({ action: 'status' }, 'k 2', 'whatsapp_app')).isError).toBeUndefined()
    await call('whatsapp_send', { ...message, message: 'the last of these' })
    await bo.receives('the last of these')
    expect([copies('once by a model'), copies('once by a client'), copies('another')]).toEqual([1, 1, 0])
  })

  it('show pictures as pictures, and other files as they are', async () => {
    const { call } = await aClient()
    const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const picture = await bo.sendMedia(ada, { type: 'image', bytes, mimeType: 'image/png' })
    await gateway.message('main', bo.jid, ({ id }) => id === picture.id)
    const shown = await call('whatsapp_message', {
      action: 'download_media',
      phone: bo.phone,
      message_id: picture.id,
    })
    expect(shown.content[1]).toEqual({ type: 'image', mimeType: 'image/png', data: bytes.toString('base64') })
    expect(shown.structuredContent).toMatchObject({ mime_type: 'image/png', file_size: bytes.length })
  })

  it('manage groups', async () => {
    const { call } = await aClient()
    const made = await call('whatsapp_group', { action: 'create', title: 'Tools', participants: [bo.phone] })
    const group_id = String(made.structuredContent?.['group_id'])
    await call('whatsapp_group', { action: 'set_settings', group_id, announce: true, locked: true })
    const info = await call('whatsapp_group', { action: 'info', group_id })
    expect(info.text).toMatch(/"IsLocked":true/)
    expect(info.text).toMatch(/"IsAnnounce":true/)
    expect((await call('whatsapp_group', { action: 'set_settings', group_id })).text).toBe(
      'give at least one of announce, locked.',
    )
    const link = await call('whatsapp_group', { action: 'invite_link', group_id })
    const joined = await call('whatsapp_group', {
      action: 'join_with_link',
      invite_link: String(link.structuredContent?.['invite_link']),
    })
    expect(joined.text).not.toContain('cannot be blank')
    expect((await call('whatsapp_group', { action: 'leave', group_id })).isError).toBeUndefined()
  })

  it('act as the device that is named, or say that one must be', async () => {
    await gateway.addSlot('second')
    onTestFinished(async () => void (await gateway.call('DELETE', '/devices/second')))
    const { call } = await aClient()
    const which = await call('whatsapp_app', { action: 'status' })
    expect(which).toMatchObject({
      isError: true,
      text: 'device identification required: set the X-Device-Id header or pass device_id',
    })
    expect((await call('whatsapp_app', { action: 'status', device_id: 'main' })).text).toContain(
      '"is_logged_in":true',
    )
    const byHeader = await aClient(operator, { 'x-device-id': 'main' })
    expect((await byHeader.call('whatsapp_app', { action: 'status' })).text).toContain('"is_logged_in":true')
    expect((await byHeader.call('whatsapp_app', { action: 'status', device_id: 'nobody' })).text).toContain(
      'DEVICE_NOT_FOUND',
    )
    const code = await call('whatsapp_app', { action: 'login_qr', device_id: 'second' })
    expect(code.content[1]).toMatchObject({ type: 'image', mimeType: 'image/png' })
    expect((await sharp(Buffer.from(code.content[1]?.data ?? '', 'base64')).metadata()).format).toBe('png')
  })

  it('say what is wrong as a result, so that the model reads it', async () => {
    const { call } = await aClient()
    for (const [name, args, text] of [
      ['whatsapp_send', { type: 'fax' }, /^type: must be one of text, image/],
      ['whatsapp_send', { type: 'text', phone: bo.phone }, /^VALIDATION_ERROR: message: cannot be blank/],
      ['whatsapp_send', { type: 'location', phone: bo.phone, latitude: '91', longitude: '0' }, /latitude/],
      ['whatsapp_message', { action: 'star', phone: bo.phone }, /^message_id: cannot be blank/],
      ['whatsapp_message', { action: 'star', phone: bo.phone, message_id: 'none' }, /_NOT_FOUND|NOT_FOUND/],
      ['whatsapp_fax', {}, /^there is no tool whatsapp_fax/],
    ] as const) {
      const result = await call(name, args)
      expect(result, name).toMatchObject({ isError: true })
      expect(result.text).toMatch(text)
    }
  })

  it('are offered and run as the key of the caller allows', async () => {
    const reader = await aClient(await keyFor({ scopes: ['read'] }))
    const listed = await reader.tools()
    expect([...listed.keys()]).toEqual([
      'whatsapp_message',
      'whatsapp_chat',
      'whatsapp_group',
      'whatsapp_app',
    ])
    expect(listed.get('whatsapp_chat')?.properties['action']?.enum).not.toContain('archive')
    const refused = await reader.call('whatsapp_send', { type: 'text', phone: bo.phone, message: 'no' })
    expect(refused).toMatchObject({ isError: true })
    expect(refused.text).toContain('SCOPE_MISSING')
    const elsewhere = await aClient(await keyFor({ scopes: ['read'], devices: ['main'] }))
    expect((await elsewhere.call('whatsapp_app', { action: 'status', device_id: 'second' })).text).toContain(
      'DEVICE_NOT_FOUND',
    )
    await expect(aClient('Bearer gwk_0000000000000000_no')).rejects.toThrow()
    const tight = await aClient(await keyFor({ scopes: ['read'], requests_per_minute: 1 }))
    expect((await tight.call('whatsapp_app', { action: 'status' })).isError).toBeUndefined()
    expect((await tight.call('whatsapp_app', { action: 'status' })).text).toContain('RATE_LIMITED')
  })

  it('write only to the recipients of the key, and so does everything else with that key', async () => {
    const cy = world.simulator.addPerson({ name: 'Cy' })
    const authorization = await keyFor({ scopes: ['send'], recipients: [`+${bo.phone}`] })
    const { call } = await aClient(authorization)
    expect(
      (await call('whatsapp_send', { type: 'text', phone: bo.phone, message: 'may go' })).isError,
    ).toBeUndefined()
    await bo.receives('may go')
    for (const phone of [cy.phone, cy.jid, cy.lid, `${bo.phone}1`]) {
      const refused = await call('whatsapp_send', { type: 'text', phone, message: 'may not go' })
      expect(refused.text, phone).toContain('RECIPIENT_NOT_ALLOWED')
    }
    const headers = { authorization }
    const form = new FormData()
    form.append('phone', cy.phone)
    form.append('image', new Blob(['x']), 'x.png')
    const asForm = await fetch(`${gateway.url}/send/image`, { method: 'POST', headers, body: form })
    expect(asForm.status).toBe(403)
    for (const [path, body] of [
      ['/send/message', { phone: cy.phone, message: 'x' }],
      ['/message/x/reaction', { phone: cy.phone, emoji: 'x' }],
      ['/message/x/forward', { phone: cy.phone }],
      [`/chat/${cy.jid}/pin`, { pinned: true }],
      ['/send/presence', { type: 'available' }],
    ] as const) {
      const answer = await gateway.call('POST', path, { headers, body })
      expect(answer.json.code, path).toBe('RECIPIENT_NOT_ALLOWED')
      expect(answer.status).toBe(403)
    }
    const me = await gateway.call('GET', '/auth/me', { headers })
    expect(me.json.results).toMatchObject({ recipients: [bo.jid] })
    for (const wishes of [
      { scopes: ['send', 'manage'], recipients: [bo.phone] },
      { scopes: ['send'], recipients: ['no number'] },
    ]) {
      const body = { name: 'x', ...wishes }
      expect((await gateway.call('POST', '/keys', { body })).json.message).toMatch(/^recipients: /)
    }
  })

  it('do nothing in a dry run, which is checked like the real thing', async () => {
    const { call } = await aClient()
    const entries = async () => (await gateway.call('GET', '/audit?limit=1')).text
    const before = await entries()
    const right = { type: 'text', phone: bo.phone, message: 'only tried', dry_run: true }
    const tried = await call('whatsapp_send', right)
    expect(tried.structuredContent).toEqual({ dry_run: true, operation: 'sendMessage', device_id: 'main' })
    expect((await call('whatsapp_app', { action: 'logout', dry_run: true })).isError).toBeUndefined()
    expect((await call('whatsapp_send', { ...right, message: '' })).text).toContain('VALIDATION_ERROR')
    const limited = await aClient(await keyFor({ scopes: ['send'], recipients: ['15550199999'] }))
    expect((await limited.call('whatsapp_send', right)).text).toContain('RECIPIENT_NOT_ALLOWED')
    const afterwards = JSON.stringify(await gateway.messages('main', bo.jid))
    expect(afterwards).not.toContain('only tried')
    await gateway.inState('main', 'logged_in')
    expect(before).not.toBe('')
    // The key that was made above is the only thing that happened.
    expect(await entries()).toContain('createKey')
  })

  it('work under a base path', async () => {
    const own = await TestWorld.open('sqlite', { settings: { APP_BASE_PATH: '/gate', WHATSAPP_WEBHOOK: '' } })
    onTestFinished(() => own.close())
    const based = await own.startGateway()
    expect((await based.call('POST', '/gate/devices', { body: { device_id: 'main' } })).status).toBe(200)
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(`${based.url}/gate/mcp`)))
    onTestFinished(() => client.close())
    const code = await client.callTool({ name: 'whatsapp_app', arguments: { action: 'login_qr' } })
    expect(code.content).toMatchObject([{ type: 'text' }, { type: 'image', mimeType: 'image/png' }])
    expect((await based.call('POST', '/gate/app/login')).status).toBe(200)
  })

  it('are not there when they are switched off, and never without credentials', async () => {
    const bare = await fetch(`${gateway.url}/mcp`, { method: 'POST', body: '{}' })
    expect(bare.status).toBe(401)
    const stream = await fetch(`${gateway.url}/mcp`, { headers: { ...gateway.headers } })
    expect([stream.status, stream.headers.get('allow')]).toEqual([405, 'POST, DELETE'])
    const own = await TestWorld.open('sqlite', { settings: { MCP_ENABLED: 'false' } })
    onTestFinished(() => own.close())
    expect((await (await own.startGateway()).call('POST', '/mcp', { body: {} })).status).toBe(404)
  })
})
