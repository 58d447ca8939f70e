import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import { envelopeOf, errorEnvelope, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'

const passkeyObject = z.object({
  device_id: z.string(),
  status: z
    .literal('none')
    .describe('No passkey is ever being waited for: devices are linked by QR code or pairing code'),
  skip_handoff_ux: z.boolean(),
})

/** Where clients of passkey pairing ask how it stands. It is not offered, and each of them is told so. */
export function passkeyRoutes(): HttpRoutes {
  return (app) => {
    const config = { device: 'scoped', scope: 'manage' } as const
    const tags = ['app']
    app.get(
      '/app/passkey',
      {
        config,
        schema: {
          operationId: 'appPasskey',
          tags,
          summary: 'Show how passkey pairing stands: there is none',
          response: { 200: envelopeOf(passkeyObject), ...errorResponses },
        },
      },
      async ({ deviceId }) =>
        ok('Passkey pairing status', {
          device_id: deviceId,
          status: 'none' as const,
          skip_handoff_ux: false,
        }),
    )
    const steps = [
      ['/app/passkey/response', 'appPasskeyResponse', 'Answer a passkey challenge; not offered'],
      ['/app/passkey/confirm', 'appPasskeyConfirm', 'Confirm a passkey pairing; not offered'],
    ] as const
    for (const [path, operationId, summary] of steps) {
      const response = { ...errorResponses, 501: errorEnvelope.describe('Not offered') }
      app.post(path, { config, schema: { operationId, tags, summary, response } }, async () => {
        throw new AppError('passkey_not_offered')
      })
    }
  }
}
