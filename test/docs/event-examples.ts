// Owns: one example of every kind of event, as docs/events.md shows them.

import { AppError } from '../../src/core/app-error.ts'
import type { EventKind, NewEvent } from '../../src/core/event-envelope.ts'
import { asDeviceId, asMessageId } from '../../src/core/ids.ts'
import {
  toCallOfferEvent,
  toChatPresenceEvent,
  toGroupJoinedEvent,
  toHistorySyncedEvent,
  toIdentityResolvedEvent,
  toNewsletterEvent,
  toParticipantsEvent,
  toRestrictionEvent,
} from '../../src/features/activity/activity-events.ts'
import { toLabelAssociationEvent, toLabelEditEvent } from '../../src/features/chats/label-events.ts'
import type { Device } from '../../src/features/devices/device.ts'
import {
  toConnectedEvent,
  toDeafEvent,
  toDisconnectedEvent,
  toLoggedOutEvent,
  toQrEvent,
} from '../../src/features/devices/device-events.ts'
import { toDownloadedEvent, toDownloadFailedEvent } from '../../src/features/downloads/download-events.ts'
import {
  aMessage,
  anasLid,
  anasPhone,
  ownAccount,
  someFacts,
} from '../../src/features/messages/message-event-fixtures.ts'
import {
  toAckEvent,
  toEditedEvent,
  toMessageEvent,
  toReactionEvent,
  toRevokedEvent,
  toStatusEvent,
  toUndecryptableEvent,
} from '../../src/features/messages/message-events.ts'
import { toDeletedEvent } from '../../src/features/messages/message-removal-events.ts'
import { toPollVoteEvent } from '../../src/features/messages/poll-events.ts'
import { parseJid } from '../../src/whatsapp/jid.ts'
import type { NewsletterChange } from '../../src/whatsapp/whatsapp-event.ts'

const at = new Date('2026-01-05T10:11:13Z')
const target = {
  targetId: asMessageId('3EB0A1B2C3D4E5F60718'),
  writtenKey: { isFromMe: true, chat: ownAccount },
}
const scope = { deviceId: asDeviceId('main'), account: ownAccount }
const ben = parseJid('628130000003@s.whatsapp.net')
const group = { id: 'G', jid: parseJid('120363000000000001@g.us'), lid: null }
const channel = parseJid('120363000000000009@newsletter')
const aboutChannel = (change: NewsletterChange) =>
  ({ type: 'newsletter.changed', newsletter: channel, change, stanzaId: '1', at }) as const
const wanted = { lane: 'chat', eventKey: 'message:1', position: 0 }
const device: Device = {
  id: asDeviceId('main'),
  name: '',
  displayName: 'My Shop',
  jid: ownAccount,
  lid: null,
  isLinked: true,
  lastCloseReason: '',
  createdAt: at,
}

/** A message with buttons, as businesses send it. */
export const interactiveExample = toMessageEvent(
  someFacts(
    {
      text: '',
      details: { interactive: 'Which day suits you?\nMonday\nFriday' },
      media: {
        kind: 'image',
        mimeType: 'image/jpeg',
        fileName: '',
        caption: '',
        url: '',
        fileLength: 24_576,
        isOfInteractive: true,
      },
    },
    { mediaPaths: ['statics/media/0c1e.jpg'] },
  ),
)

/** The example of each kind, made by the code that makes the events. */
export const examples: Record<EventKind, NewEvent> = {
  message: toMessageEvent(
    someFacts({ repliedTo: { id: asMessageId('3EB0A1B2C3D4E5F60718'), text: 'Are you open today?' } }),
  ),
  'message.reaction': toReactionEvent(someFacts({ text: '' }), target, '👍'),
  'message.revoked': toRevokedEvent(someFacts(), target),
  'message.edited': toEditedEvent(someFacts(), target, 'Hello!'),
  'message.ack': toAckEvent({
    ...someFacts(),
    from: someFacts().sender,
    receipt: {
      chat: aMessage().chat,
      messageIds: [target.targetId],
      from: anasLid,
      fromDevice: 0,
      participant: null,
      receiptType: 'delivered',
      at,
    },
    ackType: 'delivered',
    ids: [target.targetId],
  }),
  'message.status': toStatusEvent({
    ...someFacts(),
    id: target.targetId,
    status: 'failed',
    failure: 'reachout_timelocked',
    at,
  }),
  'media.downloaded': toDownloadedEvent(
    wanted,
    toMessageEvent(someFacts()).body,
    {
      kind: 'image',
      mimeType: 'image/jpeg',
      fileName: 'image_20260105_101112.jpg',
      caption: '',
      sizeBytes: 24_576,
    },
    'statics/media/0c1e.jpg',
    at,
  ),
  'media.failed': toDownloadFailedEvent(
    wanted,
    toMessageEvent(someFacts()).body,
    { code: 'MEDIA_EXPIRED', message: new AppError('media_expired').message },
    at,
  ),
  'message.undecryptable': toUndecryptableEvent(someFacts({ text: '' })),
  'poll.vote': toPollVoteEvent(someFacts({ text: '' }), {
    pollId: target.targetId,
    options: ['Monday', 'Friday'],
    chosen: ['Friday'],
    votes: [
      { voter: ben, options: ['Monday'], at },
      { voter: anasPhone, options: ['Friday'], at },
    ],
  }),
  'message.deleted': toDeletedEvent({
    scope,
    chat: someFacts().chat,
    message: {
      id: asMessageId('3EB0A1B2C3D4E5F60718'),
      chatId: 'C',
      sender: anasPhone,
      wireChat: anasLid,
      wireSender: anasLid,
      isFromMe: false,
      isFromApi: false,
      isFromHistory: false,
      status: 'delivered',
      failure: null,
      content: 'The menu',
      contentType: 'imageMessage',
      mediaKind: 'image',
      fileName: 'image_20260105_101100_The_menu.jpg',
      url: '',
      fileLength: 0,
      repliedToId: null,
      serverId: null,
      isRevoked: false,
      isStarred: false,
      editedAt: null,
      sentAt: at,
      createdAt: at,
      updatedAt: at,
    },
    from: someFacts().sender,
    at,
  }),
  'label.edit': toLabelEditEvent(
    scope,
    '3',
    { name: 'Important', color: 4, predefinedId: 1, isDeleted: false, orderIndex: 2, listType: 'PREDEFINED' },
    at,
  ),
  'label.association': toLabelAssociationEvent(
    scope,
    { jid: anasPhone, lid: anasLid },
    { labelId: '3', isLabeled: true },
    at,
  ),
  chat_presence: toChatPresenceEvent(
    scope,
    { type: 'chat.presence', chat: anasLid, from: anasLid, state: 'composing', isRecording: true },
    { chat: someFacts().chat, from: someFacts().sender, at },
  ),
  'group.participants': toParticipantsEvent(
    scope,
    { type: 'group.participants', group: group.jid, change: 'join', members: [], stanzaId: '1', at },
    { chat: group, jids: [anasPhone, ben] },
  ),
  'group.joined': toGroupJoinedEvent(
    scope,
    { type: 'group.joined', group: group.jid, subject: 'Weekend', reason: 'new', stanzaId: '1', at },
    group,
  ),
  'newsletter.joined': toNewsletterEvent(
    scope,
    aboutChannel({ what: 'joined', name: 'News', description: 'What is new' }),
  ),
  'newsletter.left': toNewsletterEvent(scope, aboutChannel({ what: 'left', role: 'subscriber' })),
  'newsletter.mute': toNewsletterEvent(scope, aboutChannel({ what: 'mute', mute: 'on' })),
  'newsletter.message': toNewsletterEvent(
    scope,
    aboutChannel({
      what: 'message',
      posts: [{ serverId: 101, messageId: '3EB0A1', kind: 'text', at, views: 12, reactions: { '👍': 3 } }],
    }),
  ),
  'call.offer': toCallOfferEvent(
    scope,
    {
      type: 'call.offered',
      callId: 'C4A11',
      from: anasLid,
      fromAlt: anasPhone,
      isVideo: false,
      group: null,
      platform: 'android',
      version: '2.26.1',
      at,
    },
    { chat: someFacts().chat, from: someFacts().sender },
  ),
  'contact.identity_resolved': toIdentityResolvedEvent(scope, {
    lane: 'L',
    lid: anasLid,
    phone: anasPhone,
    at,
  }),
  'history.synced': toHistorySyncedEvent(
    scope,
    { progress: 40, syncType: 'RECENT', chunk: 2, ends: { chats: 120, contacts: 340, messages: 5000 } },
    at,
  ),
  'device.qr': toQrEvent(
    { ...device, jid: null },
    { text: 'https://wa.me/settings/linked_devices#2@AbC…', expiresAt: new Date(at.getTime() + 60_000) },
    at,
  ),
  'device.connected': toConnectedEvent(device, at),
  'device.disconnected': toDisconnectedEvent(device, 'connection-lost', at),
  'device.deaf': toDeafEvent(device, 320_000, at),
  'device.logged_out': toLoggedOutEvent(device, 'logged-out', at),
  'device.restricted': toRestrictionEvent(
    scope,
    {
      type: 'account.restricted',
      isActive: true,
      kind: 'BIZ_COMMERCE_VIOLATION_ALCOHOL',
      endsAt: new Date(at.getTime() + 86_400_000),
    },
    at,
  ),
  'device.restriction_lifted': toRestrictionEvent(
    scope,
    { type: 'account.restricted', isActive: false, kind: '', endsAt: null },
    at,
  ),
}
