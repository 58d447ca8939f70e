import { proto } from 'baileys'
import { z } from 'zod'
import { mediaIn, unwrapped } from '../../media/media-messages.ts'
import { textOf } from '../../protocol/signal/simulated-device.ts'
import type { Simulator } from '../../simulator.ts'
import type { Person } from '../person.ts'
import type { PhoneEntry } from '../person-inbox.ts'
import type { ControlApp, Finder } from './control-app.ts'

const { Type } = proto.Message.ProtocolMessage

/** Routes for looking at a phone's screen. */
export function phoneRoutes(app: ControlApp, simulator: Simulator, find: Finder): void {
  app.get(
    '/people/:phone/messages',
    {
      schema: {
        summary: 'What this phone shows: written and received, oldest first, and whom the written reached',
        params: z.object({ phone: z.string() }),
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(500).default(200) }),
      },
    },
    (request) => {
      const person = find.person(request.params.phone)
      return person.log.phone.flatMap((entry) => show(entry, person, simulator)).slice(-request.query.limit)
    },
  )
}

function show({ message }: PhoneEntry, person: Person, simulator: Simulator): object[] {
  const content = contentOf(message.message)
  if (content === null) return []
  const reached = (type: string) => [
    ...new Set(
      person
        .receiptsFor(message.id)
        .filter((receipt) => receipt.type === type && receipt.from !== person.account)
        .map(({ from }) => from.phone),
    ),
  ]
  return [
    {
      id: message.id,
      chat: simulator.world.account(message.chat)?.pn ?? message.chat,
      from: message.from.phone,
      from_name: message.from.pushName,
      is_own: message.from === person.account,
      timestamp: message.timestamp,
      ...content,
      delivered_to: reached('delivered'),
      read_by: [...new Set([...reached('read'), ...reached('played')])],
    },
  ]
}

interface ShownContent {
  readonly kind: string
  /** What is written in it, an emoji, or a name of what it is. */
  readonly text: string
  /** Id of the message that it changes. */
  readonly target?: string
}

/** What a phone shows of a message; null for what it only works with, as shared keys. */
function contentOf(message: proto.IMessage): ShownContent | null {
  const inner = unwrapped(message)
  const { reactionMessage, protocolMessage, contactMessage } = inner
  const place = inner.locationMessage ?? inner.liveLocationMessage
  const poll = inner.pollCreationMessage ?? inner.pollCreationMessageV2 ?? inner.pollCreationMessageV3
  const media = mediaIn(inner)
  const target = (reactionMessage ?? protocolMessage)?.key?.id ?? ''
  if (reactionMessage) return { kind: 'reaction', text: reactionMessage.text ?? '', target }
  if (protocolMessage?.type === Type.REVOKE) return { kind: 'revoke', text: '', target }
  if (protocolMessage?.editedMessage) return { kind: 'edit', text: textOf(inner), target }
  if (protocolMessage) return null
  if (media) return { kind: media.type, text: textOf(inner) }
  if (place)
    return {
      kind: 'location',
      text: inner.locationMessage?.name || `${place.degreesLatitude}, ${place.degreesLongitude}`,
    }
  if (contactMessage) return { kind: 'contact', text: contactMessage.displayName ?? '' }
  if (poll) return { kind: 'poll', text: poll.name ?? '' }
  const text = textOf(inner)
  return text === '' ? { kind: 'other', text: Object.keys(inner)[0] ?? '' } : { kind: 'text', text }
}
