import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import { errorResponses, type HttpRoutes, ok, plainEnvelope, whatsAppResponses } from '../../http/http-app.ts'
import { jidKind } from '../../whatsapp/jid.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { toRecipient } from '../phone-input.ts'

const rejectBody = z.object({
  caller_jid: z
    .string()
    .min(1)
    .trim()
    .describe('Who calls: `from` of the `call.offer` event, or its `from_lid`.'),
  call_id: z.string().min(1).max(200).describe('`call_id` of the `call.offer` event.'),
})

/** `POST /call/reject`. */
export function callRoutes(deps: {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly sessions: SessionLookup
}): HttpRoutes {
  return (app) => {
    app.post(
      '/call/reject',
      {
        config: { device: 'scoped', scope: 'send' },
        schema: {
          operationId: 'rejectCall',
          tags: ['call'],
          summary: 'Reject an incoming call',
          body: rejectBody,
          response: { ...errorResponses, ...whatsAppResponses, 200: plainEnvelope },
        },
      },
      async (request) => {
        const { caller_jid, call_id } = request.body
        const { deviceId } = await deps.devices.linkedScope(request.deviceId)
        const session = deps.sessions.for(deviceId)
        const caller = toRecipient(caller_jid)
        if (caller === null || (jidKind(caller) !== 'phone' && jidKind(caller) !== 'lid'))
          throw new AppError('jid_invalid', { message: `invalid JID ${caller_jid}` })
        await session.calls.reject(caller, call_id)
        return ok('Call rejected successfully')
      },
    )
  }
}
