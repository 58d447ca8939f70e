import type { BinaryNode } from 'baileys'
import { describe, expect, it } from 'vitest'
import { parseJid } from '../../jid.ts'
import { addsUs, changedGroup, toGroupNoticeEvents } from './group.ts'

const group = parseJid('120363000000000001@g.us')
const me = { jid: parseJid('628999@s.whatsapp.net'), lid: parseJid('999@lid') }

function notice(...content: BinaryNode[]): BinaryNode {
  return { tag: 'notification', attrs: { type: 'w:gp2', from: group, id: '1' }, content }
}

describe('a notification about a group', () => {
  it('names the group that changed; others name none', () => {
    expect(changedGroup(notice())).toBe(group)
    expect(changedGroup({ ...notice(), attrs: { type: 'picture', from: group } })).toBeNull()
    expect(changedGroup({ ...notice(), tag: 'message' })).toBeNull()
  })

  it('tells every change of name and timer in it, in their order', () => {
    const events = toGroupNoticeEvents(
      notice(
        { tag: 'subject', attrs: { subject: 'First', s_t: '1' } },
        { tag: 'ephemeral', attrs: { expiration: '86400' } },
        { tag: 'subject', attrs: { subject: 'Second', s_t: '2' } },
        { tag: 'not_ephemeral', attrs: {} },
        { tag: 'locked', attrs: {} },
        { tag: 'subject', attrs: {} },
      ),
    )
    expect(events).toEqual([
      { type: 'chat.updated', chat: { jid: group, name: 'First' } },
      { type: 'chat.updated', chat: { jid: group, expirationSeconds: 86_400 } },
      { type: 'chat.updated', chat: { jid: group, name: 'Second' } },
      { type: 'chat.updated', chat: { jid: group, expirationSeconds: 0 } },
    ])
  })

  it.each([
    ['our number', { jid: '628999@s.whatsapp.net' }, true],
    ['our LID', { jid: '999@lid' }, true],
    ['our number beside a LID', { jid: '998@lid', phone_number: '628999@s.whatsapp.net' }, true],
    ['somebody else', { jid: '111@lid', phone_number: '62811@s.whatsapp.net' }, false],
  ])('that adds %s is read', (_who, attrs, expected) => {
    const participant: BinaryNode = { tag: 'participant', attrs }
    expect(addsUs(notice({ tag: 'add', attrs: {}, content: [participant] }), me)).toBe(expected)
    expect(addsUs(notice({ tag: 'remove', attrs: {}, content: [participant] }), me)).toBe(false)
  })
})
