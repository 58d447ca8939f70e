import { type Contact, type GroupMetadata, jidNormalizedUser, type WASocket } from 'baileys'
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
  await lookUp(socket, groups, group)
}

/**
 * Makes sure that we are in a group that exists and lets us write: where only admins write, we are one. What WhatsApp itself
 * would say only once the message has left is so told before anything is written.
 */
export async function ensureMayWrite(
  socket: Pick<WASocket, 'groupMetadata'> & { readonly user?: Contact | undefined },
  groups: GroupCache,
  group: Jid,
): Promise<void> {
  const { announce, participants } = await lookUp(socket, groups, group)
  if (announce !== true) return
  const own = new Set([socket.user?.id, socket.user?.lid].map(jidNormalizedUser))
  const isAdmin = participants.some(
    ({ id, lid, phoneNumber, admin }) =>
      Boolean(admin) &&
      [id, lid, phoneNumber].some((jid) => jid !== undefined && own.has(jidNormalizedUser(jid))),
  )
  if (!isAdmin) throw new AppError('group_not_admin')
}

async function lookUp(
  socket: Pick<WASocket, 'groupMetadata'>,
  groups: GroupCache,
  group: Jid,
): Promise<GroupMetadata> {
  try {
    return await groups.get(group, () => socket.groupMetadata(group))
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
