import type { DeviceId } from '../core/ids.ts'
import type { LinkedSession, SessionLookup } from './whatsapp-session.ts'

/** Sessions that send as `decorate` says, and do everything else as before; the same one each time for the same session. */
export function withSending(
  sessions: SessionLookup,
  decorate: (session: LinkedSession, deviceId: DeviceId) => LinkedSession['sendMessage'],
): SessionLookup {
  const known = new WeakMap<LinkedSession, LinkedSession>()
  return {
    for(deviceId) {
      const session = sessions.for(deviceId)
      const decorated = known.get(session) ?? withSendMessage(session, decorate(session, deviceId))
      known.set(session, decorated)
      return decorated
    },
  }
}

function withSendMessage(session: LinkedSession, sendMessage: LinkedSession['sendMessage']): LinkedSession {
  const { calls, chats, groups, groupMembers, media, messages } = session
  const { newsletters, people, presence, profile, statuses } = session
  return {
    ...{ calls, chats, groups, groupMembers, media, messages },
    ...{ newsletters, people, presence, profile, statuses },
    findOnWhatsApp: (phone) => session.findOnWhatsApp(phone),
    ensureMember: (group) => session.ensureMember(group),
    ensureMayWrite: (group) => session.ensureMayWrite(group),
    sendMessage,
  }
}
