import { beforeEach, expect, it } from 'vitest'
import { asMessageId } from '../../core/ids.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { TestGateway } from '../../http/test-gateway.ts'
import { aFakeAccount, aTextMessage, type FakeSession } from '../../whatsapp/fake-session.ts'
import { makeJid } from '../../whatsapp/jid.ts'

describeEachDialect('GET /labels', (open) => {
  let gateway: TestGateway
  let session: FakeSession

  beforeEach(async () => {
    gateway = new TestGateway(await open())
    session = await gateway.devices.addLinked('main')
  })

  function from(user: string) {
    const sender = makeJid(user, 's.whatsapp.net')
    const message = aTextMessage({ id: asMessageId(`M${user}`), chat: sender, sender })
    return { type: 'message.received', message, isOffline: false } as const
  }

  function label(id: string, name: string, isDeleted = false) {
    return {
      type: 'label.edited',
      id,
      edit: { name, color: Number(id), isDeleted },
    } as const
  }

  function on(user: string, labelId: string, isLabeled = true) {
    return { type: 'label.associated', chat: makeJid(user, 's.whatsapp.net'), labelId, isLabeled } as const
  }

  async function list(device = 'main'): Promise<unknown> {
    const { status, body } = await gateway.get('/labels', { 'x-device-id': device })
    expect(status).toBe(200)
    return (body['results'] as { data: unknown }).data // asserted by each test
  }

  it('lists labels by their numbers, each with the chats that carry it', async () => {
    await session.receive(from('6281'), from('6282'), label('10', 'Paid'), label('9', 'New'))
    await session.receive(on('6282', '10'))
    await session.receive(on('6281', '10'), on('6281', '9'))
    await session.receive(on('6281', '9', false))
    expect(await list()).toEqual([
      { id: '9', name: 'New', color: 9, chat_jids: [] },
      {
        id: '10',
        name: 'Paid',
        color: 10,
        chat_jids: expect.toSatisfy(
          (jids: string[]) => jids.toSorted().join() === '6281@s.whatsapp.net,6282@s.whatsapp.net',
        ) as unknown,
      },
    ])
  })

  it('leaves out what was deleted, and keeps devices apart', async () => {
    const other = await gateway.devices.addLinked('other', aFakeAccount('6289'))
    await session.receive(from('6281'), label('1', 'Old'), label('2', 'New'), on('6281', '1'))
    await session.receive(label('1', 'Old', true))
    await other.receive(label('3', 'Theirs'))
    await gateway.devices.add('fresh')
    expect(await list()).toEqual([{ id: '2', name: 'New', color: 2, chat_jids: [] }])
    expect(await list('other')).toMatchObject([{ name: 'Theirs' }])
    expect(await list('fresh')).toEqual([])
  })
})
