import type { MediaActions } from '../../media-actions.ts'
import type { WhatsAppActions } from '../../whatsapp-session.ts'
import { BaileysCalls } from './baileys-calls.ts'
import { BaileysChats } from './baileys-chats.ts'
import { BaileysGroups } from './baileys-groups.ts'
import { BaileysMessages } from './baileys-messages.ts'
import { BaileysNewsletters } from './baileys-newsletters.ts'
import { BaileysPresence } from './baileys-presence.ts'
import { BaileysProfile } from './baileys-profile.ts'
import type { SocketAccess } from './socket-access.ts'

/** Everything a session can do besides sending. */
export function makeActions(access: SocketAccess, media: MediaActions): WhatsAppActions {
  return {
    calls: new BaileysCalls(access),
    chats: new BaileysChats(access),
    groups: new BaileysGroups(access),
    media,
    messages: new BaileysMessages(access),
    newsletters: new BaileysNewsletters(access),
    presence: new BaileysPresence(access),
    profile: new BaileysProfile(access),
  }
}
