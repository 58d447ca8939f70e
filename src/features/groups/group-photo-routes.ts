import { z } from 'zod'
import { envelopeOf, errorResponses, type HttpRoutes, ok, whatsAppResponses } from '../../http/http-app.ts'
import { uploadedFile } from '../../http/uploads.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { type GroupPhotoService, maxPhotoBytes } from './group-photo-service.ts'
import { groupId } from './group-schemas.ts'

/** What the photo's route needs. */
export interface GroupPhotoRoutesDeps {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly photos: GroupPhotoService
}

const photoBody = z.object({
  group_id: groupId,
  // Taken for absent, a text in place of the file would remove the photo.
  photo: z
    .string()
    .refine((text) => text === '', { message: 'must be a file' })
    .optional(),
})

const photoResults = z.object({
  picture_id: z.string().describe('`remove` when the photo was removed.'),
  message: z.string(),
})

/** `POST /group/photo`. */
export function groupPhotoRoutes({ devices, photos }: GroupPhotoRoutesDeps): HttpRoutes {
  return (app) => {
    app.post(
      '/group/photo',
      {
        config: {
          device: 'scoped',
          scope: 'manage',
          upload: {
            fields: ['photo'],
            limitBytes: maxPhotoBytes,
            tooLarge: 'Image validation failed: image file too large (max 10MB for processing)',
            tooLargeCode: 'image_invalid',
          },
        },
        schema: {
          operationId: 'setGroupPhoto',
          tags: ['group'],
          summary: 'Set group photo',
          description:
            'Cut square from the middle, at most 640 pixels wide. Without a file the photo is removed.',
          body: photoBody,
          response: { ...errorResponses, ...whatsAppResponses, 200: envelopeOf(photoResults) },
        },
      },
      async (request) => {
        const { deviceId, body } = request
        const file = uploadedFile(request, 'photo')
        const scopeOf = () => devices.linkedScope(deviceId)
        if (file === null) {
          await photos.remove(await scopeOf(), body.group_id)
          const message = 'Success remove group photo'
          return ok(message, { picture_id: 'remove', message })
        }
        const id = await photos.set(scopeOf, body.group_id, file)
        const message = 'Success update group photo'
        return ok(message, { picture_id: id ?? '', message })
      },
    )
  }
}
