import type { Clock } from '../../core/clock.ts'
import type { GuardedFetcher } from '../../fetch/guarded-fetcher.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { IdentityReader } from '../identities/identity-reader.ts'
import type { MediaWorkshop } from '../media/prepared-media.ts'
import type { ContactReader } from './contact-reader.ts'
import { NumberChecks } from './number-checks.ts'
import { PeopleService } from './people-service.ts'
import { PersonInputs } from './person-inputs.ts'
import { ProfileService } from './profile-service.ts'

/** Builds what is asked about people and about the account itself. */
export function createUsers(deps: {
  readonly sessions: SessionLookup
  readonly identities: IdentityReader
  readonly contacts: ContactReader
  readonly workshop: Pick<MediaWorkshop, 'prepareAvatar'>
  readonly fetcher: Pick<GuardedFetcher, 'get'>
  readonly clock: Clock
}): { readonly people: PeopleService; readonly profile: ProfileService } {
  const inputs = new PersonInputs(deps)
  return {
    people: new PeopleService({ ...deps, inputs, checks: new NumberChecks(deps) }),
    profile: new ProfileService(deps),
  }
}
