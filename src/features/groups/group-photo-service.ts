import { AppError } from '../../core/app-error.ts'
import type { ErrorCode } from '../../core/error-codes.ts'
import type { UploadedFile } from '../../files/uploaded-file.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import type { MediaWorkshop } from '../media/prepared-media.ts'
import { toGroupJid } from './group-inputs.ts'

/** Largest file that a group photo is made of. */
export const maxPhotoBytes = 10 * 1_048_576

const pictureFaults: ReadonlySet<ErrorCode> = new Set([
  'media_empty',
  'media_type_refused',
  'media_unreadable',
  'media_dimensions_refused',
])

const supportedTypes: ReadonlySet<string> = new Set(['image/jpeg', 'image/jpg', 'image/png', 'image/webp'])

/** Pictures of groups. */
export class GroupPhotoService {
  readonly #sessions: SessionLookup
  readonly #workshop: Pick<MediaWorkshop, 'prepareAvatar'>

  constructor(deps: {
    readonly sessions: SessionLookup
    readonly workshop: Pick<MediaWorkshop, 'prepareAvatar'>
  }) {
    this.#sessions = deps.sessions
    this.#workshop = deps.workshop
  }

  /** Sets the picture and answers its id; null takes it away. Raises `image_invalid` for what is no picture. */
  async set(scope: AccountScope, groupId: string, file: UploadedFile | null): Promise<string | null> {
    const { groups } = this.#sessions.for(scope.deviceId)
    const group = toGroupJid(groupId)
    if (file === null) return groups.setPicture(group, null)
    const photo = await this.#workshop
      .prepareAvatar({ kind: 'upload', file })
      .catch((error: unknown) => asImageFault(error, file))
    try {
      return await groups.setPicture(group, photo.path)
    } finally {
      await photo.dispose()
    }
  }
}

/** What is wrong with a picture, under the name and in the words that the reference has for it. */
function asImageFault(error: unknown, { claimedType }: UploadedFile): never {
  if (!(error instanceof AppError) || !pictureFaults.has(error.code)) throw error
  const isForeign = claimedType !== '' && !supportedTypes.has(claimedType)
  const fault =
    error.code !== 'media_type_refused'
      ? `invalid image file: ${error.message}`
      : isForeign
        ? `unsupported image format: ${claimedType} (supported: JPEG, PNG, WebP)`
        : `invalid image file: it is ${error.details?.['found'] ?? 'something else'}`
  throw new AppError('image_invalid', { message: `Image validation failed: ${fault}`, cause: error })
}
