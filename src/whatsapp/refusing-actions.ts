import { AppError } from '../core/app-error.ts'
import type { WhatsAppActions } from './whatsapp-session.ts'

/** Actions of a session that has no connection: each rejects with `device_not_connected`. */
export function refusingActions(): WhatsAppActions {
  return {
    calls: refusing(),
    chats: refusing(),
    groups: refusing(),
    groupMembers: refusing(),
    media: refusing(),
    messages: refusing(),
    newsletters: refusing(),
    people: refusing(),
    presence: refusing(),
    profile: refusing(),
    statuses: refusing(),
  }
}

/** Stands in for any set of actions, since all of them only have methods that answer with a promise. */
function refusing<Actions extends object>(): Actions {
  return new Proxy<object>(
    {},
    { get: () => () => Promise.reject(new AppError('device_not_connected')) },
  ) as Actions // every method is there
}
