import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLogger } from '../../../core/logger.ts'
import { describeEachDialect } from '../../../db/test-database.ts'
import { silenceLibsignal } from '../silence-libsignal.ts'
import { acquaint, type Letter, librarySide, ourSide, read, type Side, write } from './test-sides.ts'

let giveConsoleBack: () => void
beforeAll(() => {
  giveConsoleBack = silenceLibsignal(silentLogger)
})
afterAll(() => giveConsoleBack())

interface Posted {
  readonly letter: Letter
  readonly text: string
  /** How many letters its writer had read when it was written. */
  readonly readBefore: number
}

/** One side of a conversation, with what is on its way to it. */
interface Party {
  side: Side
  readonly inbox: Posted[]
  readonly done: Posted[]
  readCount: number
}

const actions = fc.array(
  fc.record({
    what: fc.constantFrom('write', 'write', 'read', 'read', 'read', 'repeat', 'restart'),
    isFirst: fc.boolean(),
    choice: fc.nat(),
  }),
  { minLength: 20, maxLength: 60 },
)

/** Letters older than this many turns of their writer are of chains that nobody keeps. */
const oldestTurns = 3

async function deliver(to: Party, from: Party, index: number): Promise<void> {
  const [posted] = to.inbox.splice(index, 1)
  expect(await read(to.side, from.side, posted!.letter)).toBe(posted!.text)
  to.done.push(posted!)
  to.readCount += 1
}

describeEachDialect(
  'a long conversation with letters lost in the order, repeated, and restarts',
  (open, dialect) => {
    it.each(['ours', 'the library’s'])(
      'is read to the last letter, the other side being %s',
      async (kind) => {
        const db = await open()
        let run = 0
        await fc.assert(
          fc.asyncProperty(actions, async (steps) => {
            run += 1
            const [here, there] = [`1${run}@lid`, `2${run}@lid`]
            const us: Party = { side: await ourSide(db, here), inbox: [], done: [], readCount: 0 }
            const them: Party = {
              side: kind === 'ours' ? await ourSide(db, there) : await librarySide(there),
              inbox: [],
              done: [],
              readCount: 0,
            }
            await acquaint(us.side, them.side)
            for (const [step, { what, isFirst, choice }] of steps.entries()) {
              const [one, other] = isFirst ? [us, them] : [them, us]
              if (what === 'write') {
                const text = `letter ${step}`
                const letter = await write(one.side, other.side, text)
                other.inbox.push({ letter, text, readBefore: one.readCount })
              } else if (what === 'read' && one.inbox.length > 0) {
                const late = one.inbox.findIndex(
                  ({ readBefore }) => other.readCount - readBefore >= oldestTurns,
                )
                await deliver(one, other, late >= 0 ? late : choice % one.inbox.length)
              } else if (what === 'repeat' && us.done.length > 0) {
                const again = us.done[choice % us.done.length]!
                expect(await read(us.side, them.side, again.letter)).toBe(again.text)
              } else if (what === 'restart') {
                us.side = await ourSide(db, here)
              }
              for (const [party, writer] of [
                [us, them],
                [them, us],
              ] as const) {
                for (;;) {
                  const late = party.inbox.findIndex(
                    ({ readBefore }) => writer.readCount - readBefore > oldestTurns,
                  )
                  if (late < 0) break
                  await deliver(party, writer, late)
                }
              }
            }
            while (us.inbox.length > 0) await deliver(us, them, 0)
            while (them.inbox.length > 0) await deliver(them, us, 0)
          }),
          { numRuns: dialect === 'sqlite' ? 15 : 3 },
        )
      },
    )
  },
)
