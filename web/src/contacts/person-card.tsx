import { call } from '../api/client.ts'
import { hrefOf } from '../routing.ts'
import { shownAddress } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { isMissing, Loading, Problem } from '../ui/parts.tsx'
import { Picture } from '../ui/picture.tsx'
import { useLoad } from '../ui/use-load.ts'
import { Business } from './business.tsx'
import type { BusinessProfile, PersonInfo } from './shapes.ts'

/** What WhatsApp tells of a person: name, picture, about text, devices; of a business its profile too. */
export function PersonCard({
  device,
  jid,
  savedName,
}: {
  readonly device: string
  readonly jid: string
  /** Empty when there is none. */
  readonly savedName: string
}) {
  const query = { phone: jid }
  const info = useLoad(`info ${device} ${jid}`, (signal) =>
    call<PersonInfo>('GET', 'user/info', { device, query, signal }),
  )
  const business = useLoad(`business ${device} ${jid}`, (signal) =>
    call<BusinessProfile>('GET', 'user/business-profile', { device, query, signal }),
  )
  const person = info.data
  const name = savedName || person?.name || shownAddress(jid)
  return (
    <section class="talk" aria-label={`About ${name}`}>
      <header class="talk-head">
        <a class="button plain icon back-link" href={hrefOf('contacts', device)} aria-label="All contacts">
          <Icon name="back" />
        </a>
        <Picture device={device} jid={jid} name={name} />
        <div class="grow">
          <h2 class="cut">{name}</h2>
          <div class="soft small cut">{shownAddress(jid)}</div>
        </div>
        <a class="button" href={hrefOf('chats', device, jid)}>
          Open chat
        </a>
      </header>
      <div class="pane stack">
        {info.error !== null && <Problem error={info.error} />}
        {person === null && info.error === null && <Loading what={name} />}
        {person !== null && (
          <section class="card stack">
            <h3>Person</h3>
            <dl class="facts">
              <dt>Name</dt>
              <dd>{person.name === '' ? 'Not known' : person.name}</dd>
              {person.verified_name !== '' && (
                <>
                  <dt>Verified name</dt>
                  <dd>{person.verified_name}</dd>
                </>
              )}
              <dt>About</dt>
              <dd class="words">{person.status === '' ? 'Not shown' : person.status}</dd>
              <dt>Devices</dt>
              <dd>{devicesOf(person)}</dd>
            </dl>
          </section>
        )}
        {business.error !== null && !isMissing(business.error) && info.error === null && (
          <Problem error={business.error} />
        )}
        {business.data !== null && <Business profile={business.data} />}
      </div>
    </section>
  )
}

function devicesOf({ devices }: PersonInfo): string {
  const linked = devices.filter(({ AD }) => AD).length
  const phone = devices.length > linked ? 'a phone' : 'no phone'
  if (linked === 0) return phone
  return `${phone} and ${linked === 1 ? 'one linked device' : `${linked} linked devices`}`
}
