import type { Jid } from './jid.ts'

/**
 * What a member of groups can do with them. Every action rejects with `device_not_connected`, `whatsapp_timeout`,
 * `group_not_found` (WhatsApp knows no such group), `group_not_member` (we are not in it) or `whatsapp_refused`.
 */
export interface GroupActions {
  /** Leaves the group. */
  leave(group: Jid): Promise<void>
}
