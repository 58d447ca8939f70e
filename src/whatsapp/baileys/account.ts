import type { AuthenticationCreds, BaileysEventMap, WASocket } from 'baileys'
import { splitJid } from '../jid.ts'
import type { Account } from '../whatsapp-session.ts'
import { type Me, wireJid } from './incoming/wire-jid.ts'

/** What Baileys calls an account whose name it does not know yet. */
const unknownName = '~'

/** The account that credentials belong to; null while they are not linked, or only half (a code was asked for). */
export function accountOf(creds: AuthenticationCreds): Account | null {
  const jid = wireJid(creds.me?.id)
  // `creds.registered` is of no use: linking by QR never sets it, linking by code sets it before the phone agreed.
  if (jid === null || creds.me === undefined || creds.account === undefined) return null
  return {
    jid,
    lid: wireJid(creds.me.lid),
    jidWithDevice: creds.me.id,
    pushName: creds.me.name && creds.me.name !== unknownName ? creds.me.name : '',
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

/**
 * Keeps the account's name what it was set to. Baileys takes the name on every own message for the account's (rc14
 * lib/Socket/chats.js, upsertMessage), so one that left another device before the name was changed would put it back.
 * Own messages are handed on under the name that is known; only while none is known do they tell it.
 */
export function keepOwnName({ ev }: Pick<WASocket, 'ev'>, creds: AuthenticationCreds): void {
  const emit = ev.emit.bind(ev)
  ev.emit = <Name extends keyof BaileysEventMap>(name: Name, data: BaileysEventMap[Name]): boolean => {
    const known = creds.me?.name
    if (name === 'messages.upsert' && known && known !== unknownName) {
      const { messages } = data as BaileysEventMap['messages.upsert'] // what this name stands for
      for (const message of messages) if (message.key.fromMe && message.pushName) message.pushName = known
    }
    return emit(name, data)
  }
}
