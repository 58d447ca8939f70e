import type { BinaryNode } from 'baileys'
import { describe, expect, it } from 'vitest'
import { parseJid } from '../../jid.ts'
import { toReceiptEvents } from './receipt.ts'
import type { Me } from './wire-jid.ts'

const me: Me = { jid: parseJid('628999@s.whatsapp.net'), lid: parseJid('999@lid') }

function aReceipt(attrs: Record<string, string>, content?: BinaryNode[]): BinaryNode {
  return {
    tag: 'receipt',
    attrs: { id: 'M1', from: '628111@s.whatsapp.net', t: '1767225600', ...attrs },
    ...(content ? { content } : {}),
  }
}

describe('toReceiptEvents', () => {
  it.each([
    [undefined, 'delivered'],
    ['inactive', 'delivered'],
    ['read', 'read'],
    ['read-self', 'read-self'],
    ['played', 'played'],
  ])('reads type %s as %s', (type, expected) => {
    const [event] = toReceiptEvents(aReceipt(type === undefined ? {} : { type }), me)
    expect(event).toMatchObject({ type: 'receipt.updated', receipt: { receiptType: expected } })
  })

  it.each(['retry', 'sender', 'server-error', 'hist_sync', 'peer_msg'])(
    'says nothing for type %s',
    (type) => {
      expect(toReceiptEvents(aReceipt({ type }), me)).toEqual([])
    },
  )

  it('reads every id, the device number and the time', () => {
    const items = ['M2', 'M3'].map((id) => ({ tag: 'item', attrs: { id } }))
    const [event] = toReceiptEvents(
      aReceipt({ from: '628111:7@s.whatsapp.net', type: 'read' }, [
        { tag: 'list', attrs: {}, content: items },
      ]),
      me,
    )
    expect(event).toEqual({
      type: 'receipt.updated',
      receipt: {
        chat: '628111@s.whatsapp.net',
        messageIds: ['M1', 'M2', 'M3'],
        from: '628111@s.whatsapp.net',
        fromDevice: 7,
        participant: null,
        receiptType: 'read',
        at: new Date('2026-01-01T00:00:00Z'),
      },
    })
  })

  it("names the group and the member in a group's receipt", () => {
    const [event] = toReceiptEvents(aReceipt({ from: '120363@g.us', participant: '111:2@lid' }), me)
    expect(event).toMatchObject({
      receipt: { chat: '120363@g.us', from: '111@lid', fromDevice: 2, participant: '111@lid' },
    })
  })

  it('tells the members apart where a group comes with all of them in one receipt', () => {
    const user = (jid: string, t: string) => ({ tag: 'user', attrs: { jid, t } })
    const ofMessage = (key: string, ...content: BinaryNode[]) => ({
      tag: 'participants',
      attrs: { key },
      content,
    })
    const receipt = aReceipt({ from: '120363@g.us', id: 'STANZA', type: 'read' }, [
      ofMessage('M1', user('111@lid', '1767225600'), user('222:3@lid', '1767225601')),
      ofMessage('M2', user('111@lid', '1767225602')),
    ])
    const told = toReceiptEvents(receipt, me).flatMap((event) =>
      event.type === 'receipt.updated' ? [event.receipt] : [],
    )
    const common = { chat: '120363@g.us', receiptType: 'read' }
    expect(told).toMatchObject([
      { ...common, messageIds: ['M1'], from: '111@lid', participant: '111@lid' },
      { ...common, messageIds: ['M1'], from: '222@lid', fromDevice: 3, at: new Date('2026-01-01T00:00:01Z') },
      { ...common, messageIds: ['M2'], from: '111@lid', at: new Date('2026-01-01T00:00:02Z') },
    ])
    expect(told).toHaveLength(3)
  })

  it('names the chat in a receipt of an own other device', () => {
    const [event] = toReceiptEvents(
      aReceipt({ from: '628999@s.whatsapp.net', recipient: '628111@s.whatsapp.net', type: 'read-self' }),
      me,
    )
    expect(event).toMatchObject({ receipt: { chat: '628111@s.whatsapp.net', from: '628999@s.whatsapp.net' } })
  })

  it('says nothing of a receipt without address', () => {
    expect(toReceiptEvents({ tag: 'receipt', attrs: { id: 'M1' } }, me)).toEqual([])
  })
})
