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
  'heic_not_readable',
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

  /** Takes the picture of a group away. */
  async remove(scope: AccountScope, groupId: string): Promise<void> {
    await this.#groupsOf(scope).setPicture(toGroupJid(groupId), null)
  }

  /**
   * Sets the picture of a group and answers its id. What is no picture is `image_invalid`, before anybody asks for the account,
   * as the reference has it.
   */
  async set(
    scopeOf: () => Promise<AccountScope>,
    groupId: string,
    file: UploadedFile,
  ): Promise<string | null> {
    const photo = await this.#workshop
      .prepareAvatar({ kind: 'upload', file })
      .catch((error: unknown) => asImageFault(error, file))
    try {
      const groups = this.#groupsOf(await scopeOf())
      return await groups.setPicture(toGroupJid(groupId), photo.path)
    } finally {
      await photo.dispose()
    }
  }

  #groupsOf(scope: AccountScope) {
    return this.#sessions.for(scope.deviceId).groups
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
