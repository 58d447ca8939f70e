import { randomBytes } from 'node:crypto'
import {
  type AuthenticationCreds,
  aesEncryptCTR,
  type BinaryNode,
  bytesToCrockford,
  derivePairingCodeKey,
  jidEncode,
  S_WHATSAPP_NET,
} from 'baileys'
import { AppError, toError } from '../../core/app-error.ts'
import { isConnectionError, readBoom, refusal } from './baileys-errors.ts'

/** How long WhatsApp may take to answer. */
const answerLimitMs = 20_000

/** What WhatsApp shows on the phone; it accepts only names it knows. */
const platformDisplay = 'Chrome (Linux)'
const platformId = '1'

/**
 * Asks for a pairing code. Baileys' own function does not wait for the answer and so never learns of a refusal; it also
 * leaves credentials behind that look linked. Here a failure takes back what was set.
 * Rejects with `pairing_code_failed` (`details.reason` says why) or `device_not_connected`.
 */
export async function requestPairingCode(
  phone: string,
  creds: AuthenticationCreds,
  query: (node: BinaryNode, timeoutMs: number) => Promise<unknown>,
): Promise<string> {
  const code = bytesToCrockford(randomBytes(5))
  // Baileys reads both when the phone has confirmed the code (lib/Socket/messages-recv.js, link_code_companion_reg).
  creds.pairingCode = code
  creds.me = { id: jidEncode(phone, 's.whatsapp.net'), name: '~' }
  try {
    const answer = await query(await companionHello(creds.me.id, code, creds), answerLimitMs)
    if (!hasPairingRef(answer)) throw new Error('WhatsApp did not answer with a reference for the code')
    return code
  } catch (error) {
    creds.pairingCode = undefined
    delete creds.me
    throw pairingCodeFailed(error)
  }
}

function pairingCodeFailed(error: unknown): AppError {
  if (isConnectionError(error)) return new AppError('device_not_connected', { cause: error })
  const { data } = readBoom(error)
  const reason = typeof data === 'number' ? refusal(data).code : toError(error).message
  return new AppError('pairing_code_failed', {
    message: `WhatsApp gave no pairing code: ${reason}`,
    details: typeof data === 'number' ? { reason, whatsappCode: data } : { reason },
    cause: error,
  })
}

async function companionHello(jid: string, code: string, creds: AuthenticationCreds): Promise<BinaryNode> {
  const salt = randomBytes(32)
  const iv = randomBytes(16)
  const key = await derivePairingCodeKey(code, salt)
  const wrapped = aesEncryptCTR(creds.pairingEphemeralKeyPair.public, key, iv)
  const child = (tag: string, content: Uint8Array | string): BinaryNode => ({ tag, attrs: {}, content })
  return {
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'md' },
    content: [
      {
        tag: 'link_code_companion_reg',
        attrs: { jid, stage: 'companion_hello', should_show_push_notification: 'true' },
        content: [
          child('link_code_pairing_wrapped_companion_ephemeral_pub', Buffer.concat([salt, iv, wrapped])),
          child('companion_server_auth_key_pub', creds.noiseKey.public),
          child('companion_platform_id', platformId),
          child('companion_platform_display', platformDisplay),
          child('link_code_pairing_nonce', '0'),
        ],
      },
    ],
  }
}

function hasPairingRef(answer: unknown): boolean {
  return childOf(childOf(answer, 'link_code_companion_reg'), 'link_code_pairing_ref') !== undefined
}

function childOf(node: unknown, tag: string): BinaryNode | undefined {
  if (typeof node !== 'object' || node === null || !('content' in node) || !Array.isArray(node.content))
    return undefined
  const children = node.content as BinaryNode[] // a node's list content is nodes
  return children.find((child) => child.tag === tag)
}
