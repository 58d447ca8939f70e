import type { WASocket } from 'baileys'
import { buildTcTokenFromJid } from 'baileys/lib/Utils/tc-token-utils.js'
import type { Jid } from '../../jid.ts'

/** The tokens by which people allow the account to reach them, as far as they gave one: WhatsApp asks for them. */
export async function privacyTokens(
  socket: Pick<WASocket, 'authState' | 'signalRepository'>,
  people: readonly Jid[],
): Promise<ReadonlyMap<Jid, Uint8Array>> {
  const { lidMapping } = socket.signalRepository
  const getLIDForPN = lidMapping.getLIDForPN.bind(lidMapping)
  const tokens = new Map<Jid, Uint8Array>()
  for (const jid of people) {
    const [token] = (await buildTcTokenFromJid({ authState: socket.authState, jid, getLIDForPN })) ?? []
    if (token?.content instanceof Uint8Array) tokens.set(jid, token.content)
  }
  return tokens
}
