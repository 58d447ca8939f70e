import type { AuthenticationCreds } from 'baileys'
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
