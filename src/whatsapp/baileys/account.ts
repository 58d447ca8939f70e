import type { AuthenticationCreds } from 'baileys'
import { splitJid } from '../jid.ts'
import type { Account } from '../whatsapp-session.ts'
import { type Me, wireJid } from './incoming/wire-jid.ts'

/** The account that credentials belong to; null while they are not linked, or only half (a code was asked for). */
export function accountOf(creds: AuthenticationCreds): Account | null {
  const jid = wireJid(creds.me?.id)
  // `creds.registered` is of no use: linking by QR never sets it, linking by code sets it before the phone agreed.
  if (jid === null || creds.me === undefined || creds.account === undefined) return null
  return {
    jid,
    lid: wireJid(creds.me.lid),
    jidWithDevice: creds.me.id,
    pushName: creds.me.name && creds.me.name !== '~' ? creds.me.name : '',
  }
}

/** Who we are, for reading what comes in; null before the link. */
export function meOf(creds: AuthenticationCreds): Me | null {
  const jid = wireJid(creds.me?.id)
  return jid === null ? null : { jid, lid: wireJid(creds.me?.lid) }
}

/**
 * Puts our own LID right, with our device number, after Baileys has taken over what a login answered: it forgets the LID
 * when the answer has none, and without the number it takes this very device for another one of ours and sends to it.
 * `known` is the LID of before.
 */
export function restoreOwnLid(creds: AuthenticationCreds, known: string | undefined): void {
  const lid = creds.me?.lid ?? known
  if (creds.me === undefined || lid === undefined) return
  const [parts, own] = [splitJid(lid), splitJid(creds.me.id)]
  const isWhole = parts === null || parts.device !== 0 || own === null || own.device === 0
  creds.me = { ...creds.me, lid: isWhole ? lid : `${parts.user}:${own.device}@${parts.server}` }
}
