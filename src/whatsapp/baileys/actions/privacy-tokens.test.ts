import type { WASocket } from 'baileys'
import { expect, it } from 'vitest'
import { parseJid } from '../../jid.ts'
import { privacyTokens } from './privacy-tokens.ts'

const [ana, ben, cy] = ['62811', '62822', '62833'].map((user) => parseJid(`${user}@s.whatsapp.net`))
const dee = parseJid('444@lid')
const now = String(Math.floor(Date.now() / 1000))

it('people’s tokens are found under their LIDs, in one question, and old ones are left out', async () => {
  if (ana === undefined || ben === undefined || cy === undefined) throw new Error('three of three')
  const asked: string[][] = []
  const tokens: Record<string, { token: Buffer; timestamp?: string }> = {
    '111@lid': { token: Buffer.from('a'), timestamp: now },
    '222@lid': { token: Buffer.from('b'), timestamp: '1000' },
    [dee]: { token: Buffer.from('d'), timestamp: now },
  }
  const socket = {
    signalRepository: {
      lidMapping: {
        getLIDsForPNs: async (phones: string[]) => {
          asked.push(phones)
          return [
            { pn: '62811:0@s.whatsapp.net', lid: '111:0@lid' },
            { pn: ben, lid: '222@lid' },
            { pn: cy, lid: cy },
          ]
        },
      },
    },
    authState: { keys: { get: async (_type: string, ids: string[]) => pick(tokens, ids) } },
  } as unknown as WASocket // as much of one as is looked at
  const found = await privacyTokens(socket, [ana, ben, cy, dee])
  expect([...found].map(([jid, token]) => [jid, Buffer.from(token).toString()])).toEqual([
    [ana, 'a'],
    [dee, 'd'],
  ])
  expect(asked).toEqual([[ana, ben, cy]])
})

function pick<T>(from: Readonly<Record<string, T>>, ids: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(from).filter(([id]) => ids.includes(id)))
}
