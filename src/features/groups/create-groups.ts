import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { IdentityReader } from '../identities/identity-reader.ts'
import type { MediaWorkshop } from '../media/prepared-media.ts'
import type { ContactReader } from '../users/contact-reader.ts'
import { GroupMemberService } from './group-member-service.ts'
import { GroupPhotoService } from './group-photo-service.ts'
import { GroupService } from './group-service.ts'
import { PeopleDirectory } from './people-directory.ts'

/** Builds what groups are worked with. */
export function createGroups(deps: {
  readonly sessions: SessionLookup
  readonly identities: IdentityReader
  readonly contacts: ContactReader
  readonly workshop: Pick<MediaWorkshop, 'prepareAvatar'>
}): {
  readonly groups: GroupService
  readonly members: GroupMemberService
  readonly photos: GroupPhotoService
} {
  const people = new PeopleDirectory(deps)
  const { sessions } = deps
  return {
    groups: new GroupService({ sessions, people }),
    members: new GroupMemberService({ sessions, people }),
    photos: new GroupPhotoService({ sessions, workshop: deps.workshop }),
  }
}
