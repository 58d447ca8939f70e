import { z } from 'zod'
import type { Simulator } from '../../simulator.ts'
import type { ReceivedMessage } from '../received-message.ts'
import type { SentMessage } from '../sent-message.ts'
import type { ControlApp, Finder } from './control-app.ts'

const byPhone = z.object({ phone: z.string() })
const byMessage = z.object({ phone: z.string(), id: z.string() })

/** Routes for writing as a person and seeing what arrived at the person's phone. */
export function messageRoutes(app: ControlApp, simulator: Simulator, find: Finder): void {
  app.post(
    '/people/:phone/messages',
    {
      schema: {
        summary: 'Write as this person, to a number, JID or group',
        params: byPhone,
        body: z.object({
          to: z.string(),
          text: z.string().min(1),
          reply_to: z.string().optional(),
          undecryptable: z.boolean().optional(),
        }),
      },
    },
    async (request) => {
      const person = find.person(request.params.phone)
      const { to, text, reply_to: replyTo, undecryptable } = request.body
      const target = find.target(to)
      if (undecryptable) return showSent(await person.sendUndecryptable(target, text))
      return showSent(
        await person.sendText(
          target,
          text,
          replyTo === undefined ? {} : { quoted: find.message(person, replyTo) },
        ),
      )
    },
  )

  app.get(
    '/people/:phone/inbox',
    {
      schema: {
        summary: 'What arrived at this phone, oldest first',
        params: byPhone,
        querystring: z.object({
          after: z.string().optional().describe('id of the last message already seen'),
        }),
      },
    },
    (request) => {
      const { inbox } = find.person(request.params.phone)
      const seen = inbox.findIndex((message) => message.id === request.query.after)
      return inbox
        .slice(seen + 1)
        .filter(({ device }) => device === 0)
        .map(showReceived)
    },
  )

  app.get(
    '/people/:phone/receipts/:id',
    { schema: { summary: 'Receipts for a message this person sent', params: byMessage } },
    (request) =>
      find
        .person(request.params.phone)
        .receiptsFor(request.params.id)
        .map((receipt) => ({
          type: receipt.type,
          from: receipt.from.pn,
          device: receipt.fromDevice,
          at: receipt.timestamp,
        })),
  )

  app.post(
    '/people/:phone/messages/:id/reaction',
    {
      schema: {
        summary: 'React to a received message; an empty emoji takes it back',
        params: byMessage,
        body: z.object({ emoji: z.string() }),
      },
    },
    async (request) => {
      const person = find.person(request.params.phone)
      return showSent(await person.reactTo(find.message(person, request.params.id), request.body.emoji))
    },
  )

  app.post(
    '/people/:phone/messages/:id/read',
    { schema: { summary: 'Send a read receipt for a received message', params: byMessage } },
    async (request) => {
      const person = find.person(request.params.phone)
      await person.markRead(find.message(person, request.params.id))
      return { ok: true }
    },
  )

  app.post(
    '/people/:phone/typing',
    {
      schema: {
        summary: 'Type or pause',
        params: byPhone,
        body: z.object({ to: z.string(), state: z.enum(['composing', 'paused']).default('composing') }),
      },
    },
    async (request) => {
      await find.person(request.params.phone).typing(find.target(request.body.to), request.body.state)
      return { ok: true }
    },
  )

  app.post(
    '/people/:phone/calls',
    {
      schema: {
        summary: 'Let a call ring',
        params: byPhone,
        body: z.object({ to: z.string(), video: z.boolean().default(false) }),
      },
    },
    async (request) => {
      const call = await find
        .person(request.params.phone)
        .call(find.person(request.body.to), { video: request.body.video })
      return { call_id: call.id }
    },
  )

  app.get('/groups', { schema: { summary: 'All groups' } }, () =>
    simulator.groups.map(({ jid, state }) => ({
      jid,
      subject: state.subject,
      members: [...state.members].map(([account, role]) => ({ phone: account.phone, role })),
    })),
  )

  app.post(
    '/groups',
    {
      schema: {
        summary: 'Add a group of people; the owner is an admin',
        body: z.object({
          subject: z.string().min(1).max(100),
          owner: z.string(),
          members: z.array(z.string()),
        }),
      },
    },
    (request) => {
      const { subject, owner, members } = request.body
      const { jid } = simulator.addGroup({
        subject,
        owner: find.person(owner),
        members: members.map((each) => find.person(each)),
      })
      return { jid, subject }
    },
  )
}

function showSent(sent: SentMessage): object {
  return { id: sent.id, chat: sent.chat, timestamp: sent.timestamp }
}

function showReceived(message: ReceivedMessage): object {
  return {
    id: message.id,
    from: message.from.pn,
    chat: message.chat,
    text: message.text,
    timestamp: message.timestamp,
    copies: message.copies,
  }
}
