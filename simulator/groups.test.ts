import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Group, type Person, type Simulator, startSimulator } from './index.ts'
import { linkedClient } from './testing/linked-client.ts'
import type { PlainClient } from './testing/plain-client.ts'

let simulator: Simulator
let ada: Person
let bob: Person
let cem: Person
let group: Group
let client: PlainClient

beforeEach(async () => {
  simulator = await startSimulator()
  ada = simulator.addPerson({ name: 'Ada' })
  bob = simulator.addPerson({ name: 'Bob' })
  cem = simulator.addPerson({ name: 'Cem', companions: 1 })
  group = simulator.addGroup({ subject: 'Friends', owner: ada, members: [bob, cem] })
  client = await linkedClient(simulator, ada)
})

afterEach(async () => {
  await client.close()
  await simulator.close()
})

describe('messages in a group', () => {
  it('reach every device of every member, and the own phone', async () => {
    await client.socket.sendMessage(group.jid, { text: 'hello all' })
    for (const device of [0, 1]) await cem.receives('hello all', { device })
    const received = await bob.receives('hello all')
    expect(received).toMatchObject({ chat: group.jid, encryption: 'skmsg', from: ada.account })
    await ada.receives('hello all')
  })

  it('need the sender key only once', async () => {
    await client.socket.sendMessage(group.jid, { text: 'first' })
    await client.socket.sendMessage(group.jid, { text: 'second' })
    await bob.receives('second')
    expect(bob.inbox.map(({ text }) => text)).toEqual(['first', 'second'])
  })

  it('come with the sender by LID and by phone number', async () => {
    await bob.sendText(group, 'from Bob')
    const { key } = await client.receivesText('from Bob')
    expect(key).toMatchObject({ remoteJid: group.jid, participant: bob.lid, participantAlt: bob.jid })
    await bob.sendText(group, 'again')
    await client.receivesText('again')
  })

  it('come with the sender by phone number where the group is addressed so', async () => {
    const old = simulator.addGroup({ subject: 'Old', owner: bob, members: [ada], addressingMode: 'pn' })
    await bob.sendText(old, 'old style')
    const { key } = await client.receivesText('old style')
    expect(key).toMatchObject({ participant: bob.jid, participantAlt: bob.lid })
    await client.socket.sendMessage(old.jid, { text: 'old style too' })
    await bob.receives('old style too')
  })

  it('are confirmed to the author by every member', async () => {
    const sent = await client.socket.sendMessage(group.jid, { text: 'seen by' })
    const wanted = [bob.lid, cem.lid, cem.account.devices.get(1)?.lid]
    for (const participant of wanted) {
      const receipt = await client.getsReceipt(
        (attrs) => attrs['id'] === sent?.key.id && attrs['participant'] === participant,
      )
      expect(receipt['from']).toBe(group.jid)
    }
    const theirs = await bob.sendText(group, 'and mine?')
    const message = await client.receivesText('and mine?')
    await bob.getsReceipt(theirs, 'delivered')
    await client.socket.readMessages([message.key])
    await bob.getsReceipt(theirs, 'read')
  })

  it('are repaired both ways when they cannot be decrypted', async () => {
    const sent = await bob.sendUndecryptable(group, 'repaired')
    await client.receivesText('repaired')
    await bob.getsReceipt(sent, 'retry')
    bob.failsToDecrypt()
    await client.socket.sendMessage(group.jid, { text: 'repaired too' })
    await bob.receives('repaired too')
  })

  it('are refused from somebody who is not a member', async () => {
    const others = simulator.addGroup({ subject: 'Others', owner: bob, members: [cem] })
    await expect(client.socket.groupMetadata(others.jid)).rejects.toMatchObject({ data: 403 })
    await expect(ada.sendText(others, 'let me in')).rejects.toThrow('403')
  })

  it('are refused from members when only admins may write', async () => {
    group.setSwitch('announcement')
    await expect(bob.sendText(group, 'me too')).rejects.toThrow('403')
    await ada.sendText(group, 'only me')
  })

  it('use a new sender key after a member was removed', async () => {
    await bob.sendText(group, 'with Cem')
    await cem.receives('with Cem')
    group.remove([cem])
    await bob.sendText(group, 'without Cem')
    await client.receivesText('without Cem')
    group.add([cem])
    await bob.sendText(group, 'with Cem again')
    await cem.receives('with Cem again')
    expect(cem.inbox.map(({ text }) => text)).not.toContain('without Cem')
  })
})

describe('what clients do with groups', () => {
  it('shows the metadata', async () => {
    const metadata = await client.socket.groupMetadata(group.jid)
    expect(metadata).toMatchObject({ id: group.jid, subject: 'Friends', size: 3, addressingMode: 'lid' })
    expect(metadata.participants).toContainEqual(
      expect.objectContaining({ id: ada.lid, phoneNumber: ada.jid, admin: 'superadmin' }),
    )
    expect(Object.keys(await client.socket.groupFetchAllParticipating())).toEqual([group.jid])
  })

  it('creates a group, adds, promotes, demotes and removes', async () => {
    const { id } = await client.socket.groupCreate('New', [bob.jid])
    await client.event('groups.upsert', (groups) => groups.some((each) => each.id === id))
    const unknown = '19999999999@s.whatsapp.net'
    const added = await client.socket.groupParticipantsUpdate(id, [cem.jid, bob.jid, unknown], 'add')
    expect(added.map(({ status }) => status)).toEqual(['200', '409', '404'])
    await client.socket.groupParticipantsUpdate(id, [cem.jid], 'promote')
    await client.socket.groupParticipantsUpdate(id, [cem.jid], 'demote')
    await client.socket.groupParticipantsUpdate(id, [bob.jid], 'remove')
    const created = simulator.world.group(id)
    expect([...(created?.members.keys() ?? [])].map(({ phone }) => phone)).toEqual([ada.phone, cem.phone])
    for (const action of ['add', 'promote', 'demote', 'remove']) {
      await client.event(
        'group-participants.update',
        (update) => update.id === id && update.action === action,
      )
    }
  })

  it('invites somebody who lets nobody add them', async () => {
    const don = simulator.addPerson({ name: 'Don' })
    don.account.privacy.set('groupadd', 'none')
    const [outcome] = await client.socket.groupParticipantsUpdate(group.jid, [don.jid], 'add')
    expect(outcome?.status).toBe('403')
    expect(JSON.stringify(outcome?.content)).toContain('add_request')
  })

  it('changes every setting', async () => {
    const { socket } = client
    await socket.groupUpdateSubject(group.jid, 'Better friends')
    await socket.groupUpdateDescription(group.jid, 'What we are')
    await socket.groupUpdateDescription(group.jid, 'What we are now')
    await socket.groupSettingUpdate(group.jid, 'announcement')
    await socket.groupSettingUpdate(group.jid, 'locked')
    await socket.groupToggleEphemeral(group.jid, 86_400)
    await socket.groupMemberAddMode(group.jid, 'all_member_add')
    await socket.groupJoinApprovalMode(group.jid, 'on')
    expect(await socket.groupMetadata(group.jid)).toMatchObject({
      subject: 'Better friends',
      desc: 'What we are now',
      announce: true,
      restrict: true,
      ephemeralDuration: 86_400,
      memberAddMode: true,
      joinApprovalMode: true,
    })
    await client.event('groups.update', (updates) =>
      updates.some(({ subject }) => subject === 'Better friends'),
    )
    await socket.groupUpdateDescription(group.jid)
    expect((await socket.groupMetadata(group.jid)).desc).toBeUndefined()
  })

  it('invites by link, revokes the link, and decides about who asks to join', async () => {
    const don = simulator.addPerson({ name: 'Don' })
    const code = await client.socket.groupInviteCode(group.jid)
    expect(code).toBe(group.inviteCode)
    expect(await client.socket.groupGetInviteInfo(code ?? '')).toMatchObject({ subject: 'Friends' })
    expect(await client.socket.groupRevokeInvite(group.jid)).not.toBe(code)
    await expect(client.socket.groupGetInviteInfo(code ?? '')).rejects.toMatchObject({ data: 410 })
    await client.socket.groupJoinApprovalMode(group.jid, 'on')
    expect(group.join(don)).toBe('requested')
    const requests = await client.socket.groupRequestParticipantsList(group.jid)
    expect(requests).toEqual([expect.objectContaining({ jid: don.lid, phone_number: don.jid })])
    await client.socket.groupRequestParticipantsUpdate(group.jid, [don.lid], 'approve')
    expect(group.members.has(don.account)).toBe(true)
  })

  it('joins by link and leaves', async () => {
    const others = simulator.addGroup({ subject: 'Others', owner: bob, members: [] })
    expect(await client.socket.groupAcceptInvite(others.inviteCode)).toBe(others.jid)
    expect(others.members.has(ada.account)).toBe(true)
    await client.socket.groupLeave(others.jid)
    expect(others.members.has(ada.account)).toBe(false)
  })

  it('is refused to members who are not admins', async () => {
    const others = simulator.addGroup({ subject: 'Others', owner: bob, members: [ada, cem] })
    others.setSwitch('locked')
    await expect(client.socket.groupUpdateSubject(others.jid, 'Mine')).rejects.toMatchObject({ data: 403 })
    await expect(
      client.socket.groupParticipantsUpdate(others.jid, [cem.jid], 'remove'),
    ).rejects.toMatchObject({ data: 403 })
  })
})

describe('what the server refuses about groups', () => {
  it('names longer than 25 characters, counted as people count them, and empty ones', async () => {
    const family = '👨‍👩‍👧‍👦'
    await client.socket.groupUpdateSubject(group.jid, family.repeat(25))
    expect(group.subject).toBe(family.repeat(25))
    await expect(client.socket.groupUpdateSubject(group.jid, 'x'.repeat(26))).rejects.toMatchObject({
      data: 406,
    })
    await expect(client.socket.groupCreate(' ', [bob.jid])).rejects.toMatchObject({ data: 406 })
  })

  it('a link that never was, another than one that was replaced', async () => {
    const old = group.inviteCode
    group.revokeInvite()
    await expect(client.socket.groupAcceptInvite(old)).rejects.toMatchObject({ data: 410 })
    await expect(client.socket.groupAcceptInvite('neverwas')).rejects.toMatchObject({ data: 406 })
  })

  it('the link, the requests and the picture of a locked group to members who are no admins', async () => {
    const others = simulator.addGroup({ subject: 'Others', owner: bob, members: [ada, cem] })
    await expect(client.socket.groupInviteCode(others.jid)).rejects.toMatchObject({ data: 401 })
    await expect(client.socket.groupRequestParticipantsList(others.jid)).rejects.toMatchObject({ data: 403 })
    others.setSwitch('locked')
    const removal = client.socket.removeProfilePicture(others.jid)
    await expect(removal).rejects.toMatchObject({ data: 403 })
  })

  it('moving the creator, and ranks that people have already', async () => {
    const others = simulator.addGroup({ subject: 'Others', owner: bob, members: [ada, cem] })
    others.promote([ada])
    const change = (people: Person[], action: 'remove' | 'promote' | 'demote') =>
      client.socket.groupParticipantsUpdate(
        others.jid,
        people.map(({ jid }) => jid),
        action,
      )
    expect((await change([bob], 'demote')).map(({ status }) => status)).toEqual(['406'])
    expect((await change([bob], 'remove')).map(({ status }) => status)).toEqual(['406'])
    expect((await change([bob, cem], 'promote')).map(({ status }) => status)).toEqual(['409', '200'])
    expect(others.members.get(cem.account)).toBe('admin')
  })

  it('adding somebody who blocked the one who adds, also into a new group', async () => {
    const don = simulator.addPerson({ name: 'Don' })
    don.account.blocked.add(ada.lid)
    const [added] = await client.socket.groupParticipantsUpdate(group.jid, [don.jid], 'add')
    expect(added?.status).toBe('401')
    const { id } = await client.socket.groupCreate('New', [don.jid, bob.jid])
    expect(simulator.world.group(id)?.members.has(don.account)).toBe(false)
    expect(simulator.world.group(id)?.members.has(bob.account)).toBe(true)
  })
})

describe('what the server tells of groups', () => {
  it('names people by the address of the group, and leaves out numbers that are not shown', async () => {
    cem.account.showsPhone = false
    const shown = await client.socket.groupMetadata(group.jid)
    expect(shown.participants).toContainEqual(expect.objectContaining({ id: bob.lid, phoneNumber: bob.jid }))
    const hidden = shown.participants.find(({ id }) => id === cem.lid)
    expect(hidden?.phoneNumber).toBeUndefined()
    const [outcome] = await client.socket.groupParticipantsUpdate(group.jid, [bob.jid], 'promote')
    expect(outcome).toMatchObject({ jid: bob.lid, content: { attrs: { phone_number: bob.jid } } })
  })

  it('makes the oldest member admin when the last admin leaves', async () => {
    const others = simulator.addGroup({ subject: 'Others', owner: ada, members: [bob, cem] })
    await client.socket.groupLeave(others.jid)
    expect([...others.members]).toEqual([
      [bob.account, 'admin'],
      [cem.account, 'member'],
    ])
  })

  it('lets in by approval also who lets nobody add them', async () => {
    const don = simulator.addPerson({ name: 'Don' })
    don.account.privacy.set('groupadd', 'none')
    group.setApproval(true)
    group.join(don)
    await client.socket.groupRequestParticipantsUpdate(group.jid, [don.lid], 'approve')
    expect(group.members.has(don.account)).toBe(true)
  })
})

describe('status updates', () => {
  it('reach their audience both ways', async () => {
    await bob.postStatus([ada], 'my day')
    const seen = await client.receivesText('my day')
    expect(seen.key).toMatchObject({ remoteJid: 'status@broadcast', participant: bob.jid })
    await client.socket.sendMessage('status@broadcast', { text: 'our day' }, { statusJidList: [bob.jid] })
    await bob.receives('our day')
    expect(cem.inbox.map(({ text }) => text)).not.toContain('our day')
  })
})
