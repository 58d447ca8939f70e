import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { type BinaryNode, proto } from 'baileys'
import { notification } from '../protocol/push/notifications.ts'
import { bytes, child, el } from '../protocol/stanza.ts'
import type { MediaHost } from './media-host.ts'
import { mediaIn } from './media-messages.ts'

/** What a phone does when one of its clients asks for media that the hosts have thrown away. */
export type ReuploadBehaviour = 'uploads' | 'has-it-no-more' | 'fails' | 'keeps-silent'

/**
 * The phone's answer to a `server-error` receipt: it uploads the file again under another path and says where, or says why
 * not. Undefined when the phone keeps silent. Throws when the request is not encrypted as it must be.
 */
export function answerMediaRetry(
  receipt: BinaryNode,
  message: proto.IMessage | undefined,
  host: MediaHost,
  behaviour: ReuploadBehaviour,
): BinaryNode | undefined {
  if (behaviour === 'keeps-silent') return undefined
  const id = receipt.attrs['id'] ?? ''
  const place = el('rmr', { ...child(receipt, 'rmr')?.attrs })
  const content = message && mediaIn(message)?.content
  const key = content?.mediaKey
  if (behaviour === 'fails' || !content || !key) {
    return notification('mediaretry', { id, from: receipt.attrs['from'] }, [el('error', { code: 2 }), place])
  }
  const retryKey = Buffer.from(
    hkdfSync('sha256', key, Buffer.alloc(32), 'WhatsApp Media Retry Notification', 32),
  )
  const asked = proto.ServerErrorReceipt.decode(open(receipt, retryKey, id))
  if (asked.stanzaId !== id) throw new Error('the request names another message')
  const { NOT_FOUND, SUCCESS } = proto.MediaRetryNotification.ResultType
  const old = host.find(content.directPath ?? '')
  const answer =
    behaviour === 'has-it-no-more' || !old
      ? { stanzaId: id, result: NOT_FOUND }
      : { stanzaId: id, result: SUCCESS, directPath: host.store(old.kind, old.original).directPath }
  const sealed = seal(proto.MediaRetryNotification.encode(answer).finish(), retryKey, id)
  return notification('mediaretry', { id, from: receipt.attrs['from'] }, [
    el('encrypt', {}, [el('enc_p', {}, sealed.ciphertext), el('enc_iv', {}, sealed.iv)]),
    place,
  ])
}

function open(receipt: BinaryNode, key: Buffer, id: string): Buffer {
  const encrypted = child(receipt, 'encrypt')
  const ciphertext = bytes(child(encrypted, 'enc_p'))
  const decipher = createDecipheriv('aes-256-gcm', key, bytes(child(encrypted, 'enc_iv')))
  decipher.setAAD(Buffer.from(id)).setAuthTag(ciphertext.subarray(-16))
  return Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()])
}

function seal(plaintext: Uint8Array, key: Buffer, id: string): { ciphertext: Buffer; iv: Buffer } {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(id))
  return {
    ciphertext: Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]),
    iv,
  }
}
