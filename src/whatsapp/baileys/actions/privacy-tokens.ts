import type { WASocket } from 'baileys'
import { isTcTokenExpired } from 'baileys/lib/Utils/tc-token-utils.js'
import { type Jid, jidKind } from '../../jid.ts'
import { wireJid } from '../incoming/wire-jid.ts'

/**
 * The tokens by which people allow the account to reach them, as far as they gave one: WhatsApp asks for them. They are kept
 * under LIDs; WhatsApp is asked for those that are not known, in one question.
 */
export async function privacyTokens(
  { authState, signalRepository }: Pick<WASocket, 'authState' | 'signalRepository'>,
  people: readonly Jid[],
): Promise<ReadonlyMap<Jid, Uint8Array>> {
  const phones = people.filter((jid) => jidKind(jid) === 'phone')
  const pairs = (phones.length > 0 && (await signalRepository.lidMapping.getLIDsForPNs(phones))) || []
  const lids = new Map(pairs.map(({ pn, lid }) => [wireJid(pn), wireJid(lid)]))
  const keptUnder = (jid: Jid): Jid => lids.get(jid) ?? jid
  const kept = await authState.keys.get('tctoken', people.map(keptUnder))
  return new Map(
    people.flatMap((jid) => {
      const { token, timestamp } = kept[keptUnder(jid)] ?? {}
      return token?.length && !isTcTokenExpired(timestamp) ? [[jid, token] as const] : []
    }),
  )
}
