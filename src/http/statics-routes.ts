import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError, toError } from '../core/app-error.ts'
import { errorEnvelope, type HttpRoutes } from './http-app.ts'

const qrCodeName = /^scan-qr-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.png$/

/**
 * `/statics/qrcode/<name>`: QR pictures. Public, as an `<img>` in a dashboard cannot send credentials: the name is a random
 * UUID that only the login's answer tells, and the file lives as long as its code. No other file can be reached.
 */
export function staticsRoutes(deps: { qrCodeDir: string }): HttpRoutes {
  return (app) => {
    app.get(
      '/statics/qrcode/:file',
      {
        config: { auth: 'public' },
        schema: {
          operationId: 'qrCodePicture',
          tags: ['app'],
          summary: 'The picture of a QR code, as named by a login',
          params: z.object({ file: z.string() }),
          response: {
            200: { description: 'PNG', content: { 'image/png': { schema: z.any() } } },
            404: errorEnvelope.describe('The code has expired, or never was'),
          },
          security: [],
        },
      },
      async (request, reply) => {
        const { file } = request.params
        const picture = qrCodeName.test(file) ? await readIfThere(join(deps.qrCodeDir, file)) : null
        if (picture === null) throw new AppError('route_not_found', { message: 'no such picture' })
        return reply.type('image/png').header('cross-origin-resource-policy', 'cross-origin').send(picture)
      },
    )
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (thrown) {
    const error = toError(thrown)
    if ('code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
