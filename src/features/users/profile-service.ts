import type { UploadedFile } from '../../files/uploaded-file.ts'
import type { Newsletter } from '../../whatsapp/newsletter-actions.ts'
import type { PrivacySettings } from '../../whatsapp/profile-actions.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import type { MediaWorkshop } from '../media/prepared-media.ts'
import type { Contact } from './contact.ts'
import type { ContactReader } from './contact-reader.ts'

/** The account itself: how it shows, and whom and what it has. */
export class ProfileService {
  readonly #sessions: SessionLookup
  readonly #contacts: Pick<ContactReader, 'list'>
  readonly #workshop: Pick<MediaWorkshop, 'prepareAvatar'>

  constructor(deps: {
    readonly sessions: SessionLookup
    readonly contacts: Pick<ContactReader, 'list'>
    readonly workshop: Pick<MediaWorkshop, 'prepareAvatar'>
  }) {
    this.#sessions = deps.sessions
    this.#contacts = deps.contacts
    this.#workshop = deps.workshop
  }

  /** Sets the picture and answers its id. */
  async setPicture(scope: AccountScope, file: UploadedFile): Promise<string> {
    const { profile } = this.#sessions.for(scope.deviceId)
    const picture = await this.#workshop.prepareAvatar({ kind: 'upload', file })
    try {
      return (await profile.setPicture(picture.path)) ?? ''
    } finally {
      await picture.dispose()
    }
  }

  /** Takes the picture away, where there is one. */
  async removePicture(scope: AccountScope): Promise<void> {
    await this.#sessions.for(scope.deviceId).profile.setPicture(null)
  }

  async setPushName(scope: AccountScope, name: string): Promise<void> {
    await this.#sessions.for(scope.deviceId).profile.setPushName(name)
  }

  async privacy(scope: AccountScope): Promise<PrivacySettings> {
    return this.#sessions.for(scope.deviceId).profile.privacy()
  }

  async newsletters(scope: AccountScope): Promise<readonly Newsletter[]> {
    return this.#sessions.for(scope.deviceId).newsletters.list()
  }

  /** Everybody whom the account knows. Raises `device_not_connected` as the other questions do. */
  async contacts(scope: AccountScope): Promise<readonly Contact[]> {
    this.#sessions.for(scope.deviceId)
    return this.#contacts.list(scope)
  }
}
