import type { Clock } from '../../../core/clock.ts'
import type { GroupPerson } from '../../group.ts'
import type { MediaActions } from '../../media-actions.ts'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import type { WhatsAppActions } from '../../whatsapp-session.ts'
import type { DeviceCaches } from '../shared-caches.ts'
import { AppStateWriter } from './app-state.ts'
import { BaileysCalls } from './baileys-calls.ts'
import { BaileysChats } from './baileys-chats.ts'
import { BaileysGroupMembers } from './baileys-group-members.ts'
import { BaileysGroups } from './baileys-groups.ts'
import { BaileysMessages } from './baileys-messages.ts'
import { BaileysNewsletters } from './baileys-newsletters.ts'
import { BaileysPeople } from './baileys-people.ts'
import { BaileysPresence } from './baileys-presence.ts'
import { BaileysProfile } from './baileys-profile.ts'
import { BaileysStatuses } from './baileys-statuses.ts'
import type { SocketAccess } from './socket-access.ts'

/** What actions work with. */
export interface ActionsDeps {
  readonly access: SocketAccess
  readonly media: MediaActions
  readonly caches: Pick<DeviceCaches, 'groups'>
  /** Tells facts that an action brought, as if WhatsApp had told them. */
  readonly tell: (events: readonly WhatsAppEvent[]) => void
  /** Keeps who is who in a list of people, beside all else. */
  readonly learn: (people: readonly GroupPerson[]) => void
  /** Resolves once everything told so far is committed. */
  readonly committed: () => Promise<void>
  readonly clock: Clock
}

/** Everything a session can do besides sending. */
export function makeActions(deps: ActionsDeps): WhatsAppActions {
  const { access, clock } = deps
  const appState = new AppStateWriter(access)
  return {
    calls: new BaileysCalls(access),
    chats: new BaileysChats({ appState, clock }),
    groups: new BaileysGroups(deps),
    groupMembers: new BaileysGroupMembers(deps),
    media: deps.media,
    messages: new BaileysMessages({ access, appState, clock }),
    newsletters: new BaileysNewsletters(access),
    people: new BaileysPeople(access),
    presence: new BaileysPresence(access),
    profile: new BaileysProfile({ access, appState, clock }),
    statuses: new BaileysStatuses(access),
  }
}
