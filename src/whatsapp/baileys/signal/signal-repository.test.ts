import { afterAll, beforeAll, expect, it } from 'vitest'
import { ManualClock } from '../../../core/clock.ts'
import { silentLogger } from '../../../core/logger.ts'
import type { OpenDatabase } from '../../../db/open-database.ts'
import { describeEachDialect } from '../../../db/test-database.ts'
import { answeringRetry } from '../retry-context.ts'
import { silenceLibsignal } from '../silence-libsignal.ts'
import { acquaint, bundleOf, librarySide, ourSide, read, type Side, write } from './test-sides.ts'

const alice = '111111@lid'
const bob = '222222@lid'

let giveConsoleBack: () => void
beforeAll(() => {
  giveConsoleBack = silenceLibsignal(silentLogger)
})
afterAll(() => giveConsoleBack())

describeEachDialect('messages between two devices', (open) => {
  const pairs: [string, (db: OpenDatabase) => Promise<[Side, Side]>, boolean][] = [
    ['ours to the library', async (db) => [await ourSide(db, alice), await librarySide(bob)], true],
    ['the library to ours', async (db) => [await librarySide(alice), await ourSide(db, bob)], false],
    ['ours to ours', async (db) => [await ourSide(db, alice), await ourSide(db, bob)], true],
  ]

  it.each(pairs)('are read on the other side, both ways over many turns: %s', async (_, make) => {
    const [a, b] = await make(await open())
    await a.repository.injectE2ESession({ jid: b.jid, session: await bundleOf(b) })
    const first = await write(a, b, 'first')
    expect(first.type).toBe('pkmsg')
    expect(await read(b, a, first)).toBe('first')
    for (let turn = 0; turn < 8; turn += 1) {
      const answer = await write(b, a, `answer ${turn}`)
      expect(answer.type).toBe('msg')
      expect(await read(a, b, answer)).toBe(`answer ${turn}`)
      const next = await write(a, b, `question ${turn}`)
      expect(next.type).toBe('msg')
      expect(await read(b, a, next)).toBe(`question ${turn}`)
    }
  })

  it.each(pairs)('may begin without a one-time prekey: %s', async (_, make) => {
    const [a, b] = await make(await open())
    await a.repository.injectE2ESession({ jid: b.jid, session: await bundleOf(b, null) })
    expect(await read(b, a, await write(a, b, 'first'))).toBe('first')
  })

  it.each(pairs)('may come out of order, across ratchet steps: %s', async (_, make) => {
    const [a, b] = await make(await open())
    await acquaint(a, b)
    const early = [await write(a, b, '0'), await write(a, b, '1'), await write(a, b, '2')]
    expect(await read(b, a, early[2]!)).toBe('2')
    await read(a, b, await write(b, a, 'turn'))
    const late = await write(a, b, '3')
    expect(await read(b, a, late)).toBe('3')
    expect(await read(b, a, early[0]!)).toBe('0')
    expect(await read(b, a, early[1]!)).toBe('1')
  })

  // Not with the library as the reader: a message of the old session breaks its new one.
  it.each(pairs.filter(([, , isReadByUs]) => isReadByUs))(
    'of a new session replace the open one, and those of the old are still read: %s',
    async (_, make) => {
      const [a, b] = await make(await open())
      await acquaint(a, b)
      const old = await write(b, a, 'old')
      const bundle = await bundleOf(b, 2)
      await answeringRetry.run(true, () => a.repository.injectE2ESession({ jid: b.jid, session: bundle }))
      const fresh = await write(a, b, 'fresh')
      expect(fresh.type).toBe('pkmsg')
      expect(await read(b, a, fresh)).toBe('fresh')
      expect(await read(a, b, old)).toBe('old')
      expect(await read(a, b, await write(b, a, 'reply'))).toBe('reply')
    },
  )

  it('go on in the session there is when prekeys of the same installation come unasked for', async () => {
    const db = await open()
    const [a, b] = [await ourSide(db, alice), await librarySide(bob)]
    await acquaint(a, b)
    await read(a, b, await write(b, a, 'answer'))
    await a.repository.injectE2ESession({ jid: b.jid, session: await bundleOf(b, 2) })
    const next = await write(a, b, 'next')
    expect(next.type).toBe('msg')
    expect(await read(b, a, next)).toBe('next')
  })

  it.each([
    ['ours', 'the other side'],
    ['ours', 'we'],
    ['the library’s', 'the other side'],
    ['the library’s', 'we'],
  ])(
    'are read when both begin at the same moment; the other side is %s, and %s go on first',
    async (kind, first) => {
      const [db, clock] = [await open(), new ManualClock()]
      const [a, b] = [
        await ourSide(db, alice, clock),
        kind === 'ours' ? await ourSide(db, bob, clock) : await librarySide(bob),
      ]
      await a.repository.injectE2ESession({ jid: b.jid, session: await bundleOf(b) })
      await b.repository.injectE2ESession({ jid: a.jid, session: await bundleOf(a) })
      const [fromA, fromB, secondFromB] = [
        await write(a, b, 'from a'),
        await write(b, a, 'from b'),
        await write(b, a, 'second from b'),
      ]
      expect(await read(b, a, fromA)).toBe('from a')
      expect(await read(a, b, fromB)).toBe('from b')
      expect(await read(a, b, secondFromB)).toBe('second from b')
      const [one, other] = first === 'we' ? [a, b] : [b, a]
      for (let turn = 0; turn < 3; turn += 1) {
        for (const text of [`one ${turn}`, `one ${turn} again`])
          expect(await read(other, one, await write(one, other, text))).toBe(text)
        expect(await read(one, other, await write(other, one, `other ${turn}`))).toBe(`other ${turn}`)
      }
      clock.advance(60_000)
      expect(await read(a, b, await write(b, a, 'later'))).toBe('later')
      const last = await write(a, b, 'in the same')
      expect(last.type).toBe('msg')
      expect(await read(b, a, last)).toBe('in the same')
    },
  )

  it('are written in the session that the other side wrote in last', async () => {
    const clock = new ManualClock()
    const db = await open()
    const [a, b] = [await ourSide(db, alice, clock), await librarySide(bob)]
    await acquaint(a, b)
    await read(a, b, await write(b, a, 'in the first'))
    const late = await write(b, a, 'late in the first')
    const last = await write(b, a, 'last in the first')
    await answeringRetry.run(true, async () =>
      a.repository.injectE2ESession({ jid: b.jid, session: await bundleOf(b, 2) }),
    )
    expect((await write(a, b, 'lost')).type).toBe('pkmsg')
    // A moment after we began, the other side may not know of our session; later it would have written in it.
    expect(await read(a, b, last)).toBe('last in the first')
    expect((await write(a, b, 'lost as well')).type).toBe('pkmsg')
    clock.advance(60_000)
    expect(await read(a, b, late)).toBe('late in the first')
    expect((await write(a, b, 'lost too')).type).toBe('pkmsg')
    expect(await read(a, b, await write(b, a, 'still in the first'))).toBe('still in the first')
    const reply = await write(a, b, 'reply')
    expect(reply.type).toBe('msg')
    expect(await read(b, a, reply)).toBe('reply')
  })

  it('are answered again when the same ciphertext comes twice, also after a restart', async () => {
    const db = await open()
    const [a, b] = [await librarySide(alice), await ourSide(db, bob)]
    await a.repository.injectE2ESession({ jid: b.jid, session: await bundleOf(b) })
    const [first, second] = [await write(a, b, 'one'), await write(a, b, 'two')]
    expect([await read(b, a, first), await read(b, a, second)]).toEqual(['one', 'two'])
    expect([await read(b, a, first), await read(b, a, second)]).toEqual(['one', 'two'])

    const restarted = await ourSide(db, bob)
    expect([await read(restarted, a, first), await read(restarted, a, second)]).toEqual(['one', 'two'])
    expect(await read(restarted, a, await write(a, b, 'three'))).toBe('three')
    expect(await restarted.preKey(1)).toBeUndefined()
  })

  it('of one sender are not answered as another sender’s', async () => {
    const db = await open()
    const [a, b, c] = [await librarySide(alice), await ourSide(db, bob), await librarySide('333333@lid')]
    await acquaint(a, b)
    await c.repository.injectE2ESession({ jid: b.jid, session: await bundleOf(b, 2) })
    await read(b, c, await write(c, b, 'hello from c'))
    const letter = await write(a, b, 'from a')
    await read(b, a, letter)
    await expect(read(b, c, letter)).rejects.toThrow('No matching sessions')
  })

  it('survive a process that dies after decrypting and after encrypting', async () => {
    const db = await open()
    const [a, b] = [await librarySide(alice), await ourSide(db, bob)]
    await acquaint(a, b)
    for (let turn = 0; turn < 5; turn += 1) {
      const again = await ourSide(db, bob)
      const letter = await write(a, again, `in ${turn}`)
      expect(await read(again, a, letter)).toBe(`in ${turn}`)
      expect(await read(await ourSide(db, bob), a, letter)).toBe(`in ${turn}`)
      const sent = await write(await ourSide(db, bob), a, `out ${turn}`)
      const next = await write(await ourSide(db, bob), a, `out again ${turn}`)
      expect(await read(a, again, sent)).toBe(`out ${turn}`)
      expect(await read(a, again, next)).toBe(`out again ${turn}`)
    }
  })

  it('sent and received at once on one address lose no step of the session', async () => {
    const db = await open()
    const [a, b] = [await librarySide(alice), await ourSide(db, bob)]
    await acquaint(a, b)
    for (let round = 0; round < 4; round += 1) {
      const texts = Array.from({ length: 10 }, (_, index) => `${round}.${index}`)
      const incoming = []
      for (const text of texts) incoming.push(await write(a, b, text))
      const [sent, received] = await Promise.all([
        Promise.all(texts.map((text) => write(b, a, text))),
        Promise.all(incoming.map((letter) => read(b, a, letter))),
      ])
      expect(received).toEqual(texts)
      for (const [index, letter] of sent.entries()) expect(await read(a, b, letter)).toBe(texts[index])
    }
    const restarted = await ourSide(db, bob)
    expect(await read(a, b, await write(restarted, a, 'after all'))).toBe('after all')
  })

  it('that are forged change nothing', async () => {
    const db = await open()
    const [a, b] = [await librarySide(alice), await ourSide(db, bob)]
    await acquaint(a, b)
    const letter = await write(a, b, 'real')
    const forged = Buffer.from(letter.ciphertext)
    forged[5]! ^= 1
    await expect(read(b, a, { ...letter, ciphertext: forged })).rejects.toThrow()
    const later = await write(a, b, 'later')
    expect(await read(b, a, later)).toBe('later')
    expect(await read(b, a, letter)).toBe('real')
  })

  it('of a contact who installed WhatsApp anew begin anew', async () => {
    const db = await open()
    const b = await ourSide(db, bob)
    await acquaint(await librarySide(alice), b)
    const reinstalled = await librarySide(alice)
    await reinstalled.repository.injectE2ESession({ jid: bob, session: await bundleOf(b, 2) })
    expect(await read(b, reinstalled, await write(reinstalled, b, 'it is me'))).toBe('it is me')
    expect(await read(reinstalled, b, await write(b, reinstalled, 'welcome back'))).toBe('welcome back')
  })

  it('fed again from long ago do not put an old session in the place of the present one', async () => {
    const db = await open()
    const b = await ourSide(db, bob)
    const before = await librarySide(alice)
    await before.repository.injectE2ESession({ jid: bob, session: await bundleOf(b, null) })
    const old = await write(before, b, 'before')
    expect(await read(b, before, old)).toBe('before')
    const now = await librarySide(alice)
    await now.repository.injectE2ESession({ jid: bob, session: await bundleOf(b, 2) })
    await read(b, now, await write(now, b, 'reinstalled'))

    expect(await read(b, before, old)).toBe('before')

    expect(await read(now, b, await write(b, now, 'to the present one'))).toBe('to the present one')
  })

  it('reject with the library’s words when there is no session', async () => {
    const [a, b] = [await librarySide(alice), await ourSide(await open(), bob)]
    await expect(write(b, a, 'x')).rejects.toThrow('No sessions')
    const letter = { type: 'msg' as const, ciphertext: Buffer.alloc(80, 0x33) }
    await expect(read(b, a, letter)).rejects.toThrow('No session record')
    expect(await b.repository.validateSession(alice)).toEqual({ exists: false, reason: 'no session' })
    expect(await b.repository.getSessionInfo(alice)).toBeNull()
  })

  it.each([
    [
      'the signature',
      (bundle: Awaited<ReturnType<typeof bundleOf>>) => void (bundle.signedPreKey.signature[9]! ^= 1),
    ],
    [
      'the signed prekey',
      (bundle: Awaited<ReturnType<typeof bundleOf>>) => void (bundle.signedPreKey.publicKey[9]! ^= 1),
    ],
    [
      'the identity key',
      (bundle: Awaited<ReturnType<typeof bundleOf>>) => void (bundle.identityKey[9]! ^= 1),
    ],
    ['the key type', (bundle: Awaited<ReturnType<typeof bundleOf>>) => void (bundle.identityKey[0] = 6)],
  ])('are not begun on a prekey bundle when %s is wrong', async (_, spoil) => {
    const [a, b] = [await ourSide(await open(), alice), await librarySide(bob)]
    const bundle = await bundleOf(b)
    bundle.signedPreKey.signature = Buffer.from(bundle.signedPreKey.signature)
    spoil(bundle)
    await expect(a.repository.injectE2ESession({ jid: bob, session: bundle })).rejects.toThrow('refused')
    expect(await a.repository.validateSession(bob)).toEqual({ exists: false, reason: 'no session' })
  })

  it('cannot be sent any more once the library dropped the session', async () => {
    const [a, b] = [await ourSide(await open(), alice), await librarySide(bob)]
    await acquaint(a, b)
    await a.keys.keys.set({ session: { [a.repository.jidToSignalProtocolAddress(bob)]: null } })
    await expect(write(a, b, 'x')).rejects.toThrow('No sessions')
    await acquaint(a, b)
    await a.repository.deleteSession([bob])
    expect((await a.repository.validateSession(bob)).exists).toBe(false)
  })
})
