import type { FastifyRequest } from 'fastify'
import { AppError } from '../core/app-error.ts'
import { toRecipient } from '../features/phone-input.ts'
import type { HttpApp } from './http-app.ts'

/**
 * Holds keys that may write only to some to them: a request to a route of the scope `send` has to name, as `phone` in its body
 * or `chat_jid` in its path, one that the key is for. A route that names nobody is closed to such keys. Addresses are
 * compared as they are written, a number as its JID; a LID has to be in the list itself. Raises `recipient_not_allowed`.
 */
export function addRecipientGuard(app: HttpApp): void {
  app.addHook('preHandler', async (request) => {
    const { recipients } = request.actor
    if (recipients === null || request.routeOptions.config.scope !== 'send') return
    const jid = toRecipient(recipientOf(request))
    if (jid === null || !recipients.has(jid)) throw new AppError('recipient_not_allowed')
  })
}

function recipientOf({ body, params }: FastifyRequest): string {
  return textOf(body, 'phone') || textOf(params, 'chat_jid')
}

function textOf(source: unknown, name: string): string {
  if (typeof source !== 'object' || source === null) return ''
  const value: unknown = Reflect.get(source, name)
  return typeof value === 'string' ? value.trim() : ''
}
