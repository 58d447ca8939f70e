import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type EventKind, eventKinds, type NewEvent, referenceKinds } from '../../src/core/event-envelope.ts'
import { asDeviceId, asMessageId } from '../../src/core/ids.ts'
import type { Device } from '../../src/features/devices/device.ts'
import {
  toConnectedEvent,
  toDisconnectedEvent,
  toLoggedOutEvent,
} from '../../src/features/devices/device-events.ts'
import {
  aMessage,
  anasLid,
  ownAccount,
  someFacts,
} from '../../src/features/messages/message-event-fixtures.ts'
import {
  ackDescriptions,
  toAckEvent,
  toEditedEvent,
  toMessageEvent,
  toReactionEvent,
  toRevokedEvent,
  toStatusEvent,
} from '../../src/features/messages/message-events.ts'

const at = new Date('2026-01-05T10:11:13Z')
const target = { chat: anasLid, targetId: asMessageId('3EB0A1B2C3D4E5F60718'), targetIsFromMe: false }
const device: Device = {
  id: asDeviceId('main'),
  displayName: 'My Shop',
  jid: ownAccount,
  lid: null,
  isLinked: true,
  lastCloseReason: '',
  createdAt: at,
}

/** The example of each kind, made by the code that makes the events. */
const examples: Record<EventKind, NewEvent> = {
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
  'device.connected': toConnectedEvent(device, at),
  'device.disconnected': toDisconnectedEvent(device, 'connection-lost', at),
  'device.logged_out': toLoggedOutEvent(device, 'logged-out', at),
}

const text = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')

/** Sections headed by a kind, with their text. */
const sections = new Map(
  [...text.matchAll(/^### `([^`]+)`\n([\s\S]*?)(?=^#|(?![\s\S]))/gm)].map((match) => [
    match[1],
    match[2] ?? '',
  ]),
)

describe('docs/events.md', () => {
  it('describes every kind, and none that does not exist, in the order of the catalogue', () => {
    expect([...sections.keys()]).toEqual([...eventKinds])
  })

  it.each([...eventKinds])('shows %s as the code makes it, and says when it is sent', (kind) => {
    const section = sections.get(kind) ?? ''
    const json = /```json\n([\s\S]*?)```/.exec(section)?.[1] ?? 'null'
    expect(JSON.parse(json)).toEqual(examples[kind].body)
    expect(section).toMatch(/^\nSent when /)
  })

  it('marks exactly the kinds that have to be asked for', () => {
    for (const kind of eventKinds) {
      const isMarked = (sections.get(kind) ?? '').includes('Only to endpoints that name it')
      expect(isMarked, kind).toBe(!referenceKinds.has(kind))
    }
  })

  it('quotes the descriptions of receipts to the letter', () => {
    for (const description of Object.values(ackDescriptions)) expect(text).toContain(description)
  })
})
