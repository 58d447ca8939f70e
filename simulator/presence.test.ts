import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Person, type Simulator, startSimulator, waitFor } from './index.ts'
import { linkedClient } from './testing/linked-client.ts'
import type { PlainClient } from './testing/plain-client.ts'

let simulator: Simulator
let ada: Person
let bob: Person
let client: PlainClient

beforeEach(async () => {
  simulator = await startSimulator()
  ada = simulator.addPerson({ name: 'Ada' })
  bob = simulator.addPerson({ name: 'Bob' })
  client = await linkedClient(simulator, ada)
})

afterEach(async () => {
  await client.close()
  await simulator.close()
})

describe('presence', () => {
  it('is told to who subscribed, now and when it changes', async () => {
    await client.socket.presenceSubscribe(bob.jid)
    await client.event('presence.update', ({ id, presences }) => seen(id, presences) === 'available')
    bob.goOffline()
    await client.event('presence.update', ({ id, presences }) => seen(id, presences) === 'unavailable')

    function seen(id: string, presences: Record<string, { lastKnownPresence: string }>) {
      return id === bob.jid ? presences[bob.jid]?.lastKnownPresence : undefined
    }
  })

  it('shows who types to the client, and what the client types', async () => {
    await bob.typing(ada, 'composing')
    await client.event(
      'presence.update',
      ({ presences }) => presences[bob.jid]?.lastKnownPresence === 'composing',
    )
    await bob.typing(ada, 'recording')
    await client.event(
      'presence.update',
      ({ presences }) => presences[bob.jid]?.lastKnownPresence === 'recording',
    )
    await client.socket.sendPresenceUpdate('composing', bob.jid)
    const [first] = await waitFor('Bob seeing Ada type', bob.log.changes, () =>
      bob.log.chatStates.length > 0 ? bob.log.chatStates : undefined,
    )
    expect(first).toMatchObject({ from: ada.account, state: 'composing' })
  })

  it('in a group names who types', async () => {
    const group = simulator.addGroup({ subject: 'Friends', owner: ada, members: [bob] })
    await bob.typing(group)
    await client.event('presence.update', ({ id, presences }) => id === group.jid && bob.lid in presences)
  })
})

describe('calls', () => {
  it('ring, and can be rejected', async () => {
    const call = await bob.call(ada, { video: true })
    await client.event(
      'call',
      ([first]) => first?.id === call.id && first.status === 'offer' && first.isVideo === true,
    )
    await client.socket.rejectCall(call.id, bob.jid)
    await waitFor('a rejected call', simulator.calls.changes, () => call.state === 'rejected' || undefined)
  })

  it('end unanswered', async () => {
    const call = await bob.call(ada)
    await bob.endCall(call, 'timeout')
    await client.event('call', ([first]) => first?.id === call.id && first.status === 'timeout')
  })
})

describe('an account', () => {
  it('has an about text, privacy, a block list and a default timer', async () => {
    const { socket } = client
    await socket.updateProfileStatus('busy')
    expect(ada.account.about).toBe('busy')
    await socket.updateLastSeenPrivacy('none')
    expect(await socket.fetchPrivacySettings(true)).toMatchObject({ last: 'none', readreceipts: 'all' })
    await socket.updateDefaultDisappearingMode(86_400)
    expect(ada.account.disappearingSeconds).toBe(86_400)
    await socket.onWhatsApp(bob.jid)
    await socket.sendMessage(bob.jid, { text: 'so that the LID is known' })
    await socket.updateBlockStatus(bob.jid, 'block')
    expect(await socket.fetchBlocklist()).toEqual([bob.lid])
  })

  it('is found by number, and only then', async () => {
    expect(await client.socket.onWhatsApp(`+${bob.phone}`, '19999999999')).toEqual([
      { jid: bob.jid, exists: true },
    ])
    expect(await client.socket.fetchStatus(bob.jid)).toMatchObject([{ id: bob.jid }])
  })

  it('tells its contacts when a device was linked', async () => {
    await client.socket.sendMessage(bob.jid, { text: 'to one device' })
    const second = await linkedClient(simulator, bob)
    await client.socket.sendMessage(bob.jid, { text: 'to two devices' })
    await second.receivesText('to two devices')
    await second.close()
  })

  it('sends messages between two linked clients', async () => {
    const other = await linkedClient(simulator, bob)
    await client.socket.sendMessage(bob.jid, { text: 'client to client' })
    const { key } = await other.receivesText('client to client')
    expect(key).toMatchObject({ remoteJid: ada.jid, remoteJidAlt: ada.lid })
    await other.socket.sendMessage(ada.jid, { text: 'and back' })
    await client.receivesText('and back')
    await other.close()
  })
})
