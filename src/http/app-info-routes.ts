import { z } from 'zod'
import { envelopeOf, errorResponses, type HttpRoutes, ok } from './http-app.ts'

const appInfo = z.object({
  version: z.string(),
  os: z.string().describe('Name that phones show for this gateway.'),
  base_path: z.string(),
  max_file_size: z.int().describe('Bytes'),
  max_video_size: z.int().describe('Bytes'),
  max_image_size: z.int().describe('Bytes'),
  chatwoot_enabled: z.boolean(),
  sandbox: z
    .literal(true)
    .optional()
    .describe('Only on a gateway that is joined to a simulated WhatsApp (`npm run sandbox`)'),
})

/** Largest files, by kind. */
export interface SizeLimits {
  readonly maxImageBytes: number
  readonly maxFileBytes: number
  readonly maxVideoBytes: number
}

/** `GET /app/info`: what a client may want to know before anything is linked. Needs no device. */
export function appInfoRoutes(facts: {
  version: string
  deviceName: string
  basePath: string
  limits: SizeLimits
  /** Whether WhatsApp is a simulation here. */
  isSandbox: boolean
}): HttpRoutes {
  return (app) => {
    app.get(
      '/app/info',
      {
        config: { device: 'none', scope: 'any' },
        schema: {
          operationId: 'appInfo',
          tags: ['app'],
          summary: 'About this gateway',
          response: { ...errorResponses, 200: envelopeOf(appInfo) },
        },
      },
      async () =>
        ok('Fetch app info success', {
          version: facts.version,
          os: facts.deviceName,
          base_path: facts.basePath,
          max_file_size: facts.limits.maxFileBytes,
          max_video_size: facts.limits.maxVideoBytes,
          max_image_size: facts.limits.maxImageBytes,
          chatwoot_enabled: false,
          ...(facts.isSandbox ? { sandbox: true as const } : {}),
        }),
    )
  }
}
