import type { WASocket } from 'baileys'
import { AppError } from '../../core/app-error.ts'
import type { Jid } from '../jid.ts'
import { toAppError } from './baileys-errors.ts'
import type { GroupCache } from './shared-caches.ts'

/** Makes sure that we are in a group that exists; asks WhatsApp when the group was not looked at for some minutes. */
export async function ensureMember(
  socket: Pick<WASocket, 'groupMetadata'>,
  groups: GroupCache,
  group: Jid,
): Promise<void> {
  try {
    await groups.get(group, () => socket.groupMetadata(group))
  } catch (error) {
    throw toGroupError(error)
  }
}

/** A refusal that concerns a group, as ours: it does not exist, or we are not in it. */
export function toGroupError(error: unknown): AppError {
  const translated = toAppError(error)
  switch (translated.details?.['whatsappCode']) {
    case 404:
      return new AppError('group_not_found', { cause: translated })
    case 401:
    case 403:
      return new AppError('group_not_member', { cause: translated })
    default:
      return translated
  }
}
