import type { BinaryNode } from 'baileys'
import { describe, expect, it } from 'vitest'
import { parseJid } from '../../jid.ts'
import {
  node,
  parseGroup,
  parseGroups,
  parseJoined,
  parseOutcomes,
  parseRequests,
  peopleNodes,
  pictureIq,
} from './group-nodes.ts'

const group = parseJid('120363000000000001@g.us')

/** A group in which everything is set, as WhatsApp's server writes it. */
const full: BinaryNode = node(
  'group',
  {
    id: '120363000000000001',
    subject: 'Crème 🍮',
    s_t: '1767225600',
    s_o: '111@lid',
    s_o_pn: '62811@s.whatsapp.net',
    creation: '1767225000',
    creator: '222@lid',
    creator_pn: '62822@s.whatsapp.net',
    creator_country_code: 'ID',
    a_v_id: '1767225600000001',
    p_v_id: '1767225600000002',
    size: '3',
    addressing_mode: 'lid',
  },
  [
    node('participant', { jid: '222@lid', type: 'superadmin', phone_number: '62822@s.whatsapp.net' }),
    node('participant', { jid: '333@lid', display_name: '+62 8∙∙∙33', type: 'admin' }),
    node('participant', { jid: '444@lid', error: '403' }, [
      node('add_request', { code: 'abc', expiration: '1767830400' }),
    ]),
    node('description', { id: 'D1', t: '1767225700', participant: '111@lid' }, [
      node('body', {}, Buffer.from('what we do')),
    ]),
    node('locked'),
    node('announcement'),
    node('incognito'),
    node('suspended'),
    node('parent', { default_membership_approval_mode: 'request_required' }),
    node('linked_parent', { jid: '120363000000000009@g.us' }),
    node('default_sub_group'),
    node('membership_approval_mode', {}, [node('group_join', { state: 'on' })]),
    node('ephemeral', { expiration: '604800' }),
    node('member_add_mode', {}, Buffer.from('all_member_add')),
  ],
)

describe('a group', () => {
  it('is read with everything that WhatsApp tells', () => {
    expect(parseGroup(full)).toEqual({
      jid: group,
      owner: { jid: '222@lid', phone: '62822@s.whatsapp.net', lid: '222@lid' },
      ownerCountryCode: 'ID',
      createdAt: new Date('2025-12-31T23:50:00Z'),
      subject: {
        text: 'Crème 🍮',
        setAt: new Date('2026-01-01T00:00:00Z'),
        setBy: { jid: '111@lid', phone: '62811@s.whatsapp.net', lid: '111@lid' },
      },
      topic: {
        id: 'D1',
        text: 'what we do',
        setAt: new Date('2026-01-01T00:01:40Z'),
        setBy: { jid: '111@lid', phone: null, lid: '111@lid' },
      },
      isLocked: true,
      isAnnounce: true,
      announceVersion: '1767225600000001',
      expirationSeconds: 604_800,
      isIncognito: true,
      isParent: true,
      defaultApprovalMode: 'request_required',
      parent: '120363000000000009@g.us',
      isDefaultSubGroup: true,
      needsApproval: true,
      addressingMode: 'lid',
      memberAddMode: 'all_member_add',
      isSuspended: true,
      participantVersion: '1767225600000002',
      memberCount: 3,
      members: [
        {
          jid: '222@lid',
          phone: '62822@s.whatsapp.net',
          lid: '222@lid',
          rank: 'superadmin',
          displayName: '',
          errorCode: 0,
          addRequest: null,
        },
        {
          jid: '333@lid',
          phone: null,
          lid: '333@lid',
          rank: 'admin',
          displayName: '+62 8∙∙∙33',
          errorCode: 0,
          addRequest: null,
        },
        {
          jid: '444@lid',
          phone: null,
          lid: '444@lid',
          rank: 'member',
          displayName: '',
          errorCode: 403,
          addRequest: { code: 'abc', expiresAt: new Date('2026-01-08T00:00:00Z') },
        },
      ],
    })
  })

  it('is read with nothing but its id, and with a whole JID in place of it', () => {
    expect(parseGroup(node('group', { id: group }))).toMatchObject({
      jid: group,
      owner: null,
      createdAt: null,
      subject: { text: '', setAt: null, setBy: null },
      topic: null,
      addressingMode: 'pn',
      memberAddMode: '',
      memberCount: 0,
      members: [],
    })
    expect(parseGroup(node('group'))).toBeNull()
    expect(parseGroup(undefined)).toBeNull()
  })

  it('with members addressed by number has their LIDs where they are told', () => {
    const members = [
      node('participant', { jid: '62811@s.whatsapp.net', lid: '111@lid' }),
      node('participant', { jid: '62822:5@s.whatsapp.net' }),
      node('participant', { jid: 'nonsense' }),
    ]
    expect(parseGroup(node('group', { id: '1-2' }, members))?.members).toMatchObject([
      { jid: '62811@s.whatsapp.net', phone: '62811@s.whatsapp.net', lid: '111@lid' },
      { jid: '62822@s.whatsapp.net', phone: '62822@s.whatsapp.net', lid: null },
    ])
  })

  it('with times that are none has none', () => {
    const attrs = { id: '1-2', creation: 'soon', s_t: '999999999999999999', size: '-' }
    expect(parseGroup(node('group', attrs))).toMatchObject({
      createdAt: null,
      subject: { setAt: null },
      memberCount: 0,
    })
  })

  it('is one of several', () => {
    const answer = node('iq', {}, [node('groups', {}, [full, node('group', { id: '1-2' }), node('group')])])
    expect(parseGroups(answer).map(({ jid }) => jid)).toEqual([group, '1-2@g.us'])
    expect(parseGroups(node('iq'))).toEqual([])
  })
})

describe('answers to changes', () => {
  it('name each person with what became of them', () => {
    const change = node('add', {}, [
      node('participant', { jid: '111@lid', phone_number: '62811@s.whatsapp.net' }),
      node('participant', { jid: '62822@s.whatsapp.net', error: '409' }),
    ])
    expect(parseOutcomes(change)).toMatchObject([
      { jid: '111@lid', phone: '62811@s.whatsapp.net', errorCode: 0, addRequest: null },
      { jid: '62822@s.whatsapp.net', errorCode: 409 },
    ])
    expect(parseOutcomes(undefined)).toEqual([])
  })

  it('say whether a link was followed or only asked at', () => {
    const [joined, asked] = ['group', 'membership_approval_request'].map((tag) =>
      node('iq', {}, [node(tag, { jid: group })]),
    )
    expect(parseJoined(joined)).toEqual({ group, state: 'joined' })
    expect(parseJoined(asked)).toEqual({ group, state: 'requested' })
    expect(parseJoined(node('iq'))).toBeNull()
  })

  it('list who asks to join, and since when', () => {
    const request = { jid: '111@lid', phone_number: '62811@s.whatsapp.net', request_time: '1767225600' }
    const answer = node('iq', {}, [
      node('membership_approval_requests', {}, [
        node('membership_approval_request', request),
        node('membership_approval_request', { jid: '222@lid' }),
      ]),
    ])
    expect(parseRequests(answer)).toEqual([
      {
        jid: '111@lid',
        phone: '62811@s.whatsapp.net',
        lid: '111@lid',
        requestedAt: new Date('2026-01-01T00:00:00Z'),
      },
      { jid: '222@lid', phone: null, lid: '222@lid', requestedAt: null },
    ])
  })
})

describe('questions', () => {
  it('name people with the token that lets us reach them, where there is one', () => {
    const [ana, ben] = [parseJid('111@lid'), parseJid('62822@s.whatsapp.net')]
    const token = new Uint8Array([1, 2])
    expect(peopleNodes([ana, ben], new Map([[ana, token]]))).toEqual([
      node('participant', { jid: ana }, [node('privacy', {}, token)]),
      node('participant', { jid: ben }),
    ])
  })

  it('for a picture hold the JPEG, or nothing to take it away', () => {
    const attrs = { type: 'set', xmlns: 'w:profile:picture', to: '@s.whatsapp.net', target: group }
    const jpeg = new Uint8Array([0xff, 0xd8])
    expect(pictureIq(group, jpeg)).toEqual(node('iq', attrs, [node('picture', { type: 'image' }, jpeg)]))
    expect(pictureIq(group, null)).toEqual(node('iq', attrs))
  })
})
