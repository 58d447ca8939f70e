import { DisconnectReason, S_WHATSAPP_NET, type WASocket } from 'baileys'

/** How long WhatsApp may take to confirm that a device is unlinked. */
export const unlinkLimitMs = 5_000

/**
 * Asks WhatsApp to remove this device from the account; resolves when it has. Baileys' own `logout` closes the socket
 * without waiting, and a frame that had not left by then never does: the device stays on the phone's list.
 */
export async function unlink(socket: Pick<WASocket, 'query' | 'user'>): Promise<void> {
  const jid = socket.user?.id
  if (jid === undefined) return
  await socket.query(
    {
      tag: 'iq',
      attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'md' },
      content: [{ tag: 'remove-companion-device', attrs: { jid, reason: 'user_initiated' } }],
    },
    unlinkLimitMs,
  )
}

/** What a connection ends with after a logout of ours, in the form that Baileys gives it. */
export function intentionalLogout(): Error {
  return Object.assign(new Error('Intentional Logout'), {
    output: { statusCode: DisconnectReason.loggedOut },
  })
}
