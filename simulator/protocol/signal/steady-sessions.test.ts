import { Curve, proto } from 'baileys'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { silenceLibsignal } from './quiet-libsignal.ts'
import { type KeyBundle, SignalPeer } from './signal-peer.ts'
import { steadySessions } from './steady-sessions.ts'

const quiet = pino({ level: 'silent' })

function text(conversation: string): Uint8Array {
  return Buffer.concat([proto.Message.encode({ conversation }).finish(), Buffer.from([1])])
}

function bundleOf(peer: SignalPeer): KeyBundle {
  return { ...peer.publicKeys, preKey: peer.newPreKeys(1)[0] }
}

it('can be read after a message of an older session was read between two of the present one', async () => {
  silenceLibsignal()
  steadySessions()
  const [ada, bo] = [
    new SignalPeer(Curve.generateKeyPair(), quiet),
    new SignalPeer(Curve.generateKeyPair(), quiet),
  ]
  const [adaLid, boLid] = ['1@lid', '2@lid']
  const boReads = async (sent: Awaited<ReturnType<SignalPeer['encrypt']>>) =>
    (await bo.decrypt({ lid: adaLid, group: undefined }, sent)).conversation
  const adaReads = async (sent: Awaited<ReturnType<SignalPeer['encrypt']>>) =>
    (await ada.decrypt({ lid: boLid, group: undefined }, sent)).conversation

  // Both begin at the same moment: each then sends in the session that the other one began.
  await ada.startSession(boLid, bundleOf(bo))
  await bo.startSession(adaLid, bundleOf(ada))
  const fromAda = await ada.encrypt(boLid, text('hi Bo'))
  const fromBo = await bo.encrypt(adaLid, text('hi Ada'))
  expect(await boReads(fromAda)).toBe('hi Bo')
  expect(await adaReads(fromBo)).toBe('hi Ada')

  expect(await boReads(await ada.encrypt(boLid, text('in the session that is old to Bo')))).toContain('old')
  for (const words of ['one', 'two']) {
    expect(await adaReads(await bo.encrypt(adaLid, text(words)))).toBe(words)
  }
})
