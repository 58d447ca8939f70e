import { AppError } from '../../core/app-error.ts'
import { errorResponses, type HttpRoutes, ok, plainEnvelope, whatsAppResponses } from '../../http/http-app.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { rejectBody } from '../messages/message-action-schemas.ts'
import { sanitisePhone, toRecipient } from '../phone-input.ts'

/** What declining calls needs. */
export interface CallRoutesDeps {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly sessions: SessionLookup
}

/** `POST /call/reject`. */
export function callRoutes({ devices, sessions }: CallRoutesDeps): HttpRoutes {
  return (app) => {
    app.post(
      '/call/reject',
      {
        config: { device: 'scoped' },
        schema: {
          operationId: 'rejectCall',
          tags: ['call'],
          summary: 'Reject an incoming call',
          body: rejectBody,
          response: { ...errorResponses, ...whatsAppResponses, 200: plainEnvelope },
        },
      },
      async (request) => {
        const { caller_jid: named, call_id: callId } = request.body
        const scope = await devices.linkedScope(request.deviceId)
        const session = sessions.for(scope.deviceId)
        const caller = toRecipient(named)
        if (caller === null) {
          throw new AppError('jid_invalid', { message: `invalid JID ${sanitisePhone(named)}` })
        }
        await session.calls.reject(caller, callId)
        return ok('Call rejected successfully')
      },
    )
  }
}
