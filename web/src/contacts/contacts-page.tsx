import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { useEvents } from '../api/live.ts'
import { ForDevice } from '../devices/for-device.tsx'
import { goTo, hrefOf } from '../routing.ts'
import { FilteredList } from '../ui/filtered-list.tsx'
import { shownAddress } from '../ui/format.ts'
import { Empty, Face, Loading, Problem } from '../ui/parts.tsx'
import { Split } from '../ui/split.tsx'
import { useLoad } from '../ui/use-load.ts'
import { CheckNumber } from './check-number.tsx'
import { PersonCard } from './person-card.tsx'

interface Contact {
  readonly jid: string
  readonly name: string
}

const rowPx = 68
/** Events that come together cause one look. */
const togetherMs = 1_000

/** The contacts of one device beside one of them. */
export function ContactsPage({
  device,
  jid,
}: {
  readonly device: string | undefined
  readonly jid: string | undefined
}) {
  return (
    <ForDevice section="contacts" wanted={device} icon="contacts" what="contacts">
      {({ id }, chooser) => <Contacts key={id} device={id} chooser={chooser} jid={jid} />}
    </ForDevice>
  )
}

function Contacts({
  device,
  chooser,
  jid,
}: {
  readonly device: string
  readonly chooser: ComponentChildren
  readonly jid: string | undefined
}) {
  const [isChecking, setChecking] = useState(false)
  const contacts = useLoad(`contacts of ${device}`, async (signal) => {
    const { data } = await call<{ data: readonly Contact[] }>('GET', 'user/my/contacts', { device, signal })
    return [...data].sort((a, b) => nameOf(a).localeCompare(nameOf(b)))
  })
  const timer = useRef(0)
  useEvents(({ event, body }) => {
    if (body.session_id !== device || !/^(contact|history)/.test(event)) return
    clearTimeout(timer.current)
    timer.current = window.setTimeout(contacts.reload, togetherMs)
  })
  return (
    <>
      <Split
        label="Contacts"
        chooser={chooser}
        actions={
          <button type="button" class="button" onClick={() => setChecking(true)}>
            Check a number
          </button>
        }
        list={
          <>
            {contacts.error !== null && <Problem error={contacts.error} />}
            {contacts.data === null && contacts.error === null && <Loading what="contacts" />}
            {contacts.data?.length === 0 && (
              <Empty icon="contacts" title="No contacts yet">
                <p>They come with the address book of the phone, and with messages.</p>
              </Empty>
            )}
            {contacts.data !== null && contacts.data.length > 0 && (
              <FilteredList
                label="List of contacts"
                searchLabel="Search contacts"
                noun={['contact', 'contacts']}
                items={contacts.data}
                wordsOf={(contact) => `${contact.name} ${shownAddress(contact.jid)}`}
                rowPx={rowPx}
                row={(contact) => (
                  <ContactRow
                    key={contact.jid}
                    device={device}
                    contact={contact}
                    isOpen={contact.jid === jid}
                  />
                )}
              />
            )}
          </>
        }
        icon="contacts"
        hint="Choose a contact"
      >
        {jid === undefined ? null : (
          <PersonCard
            key={jid}
            device={device}
            jid={jid}
            savedName={contacts.data?.find((contact) => contact.jid === jid)?.name ?? ''}
          />
        )}
      </Split>
      {isChecking && (
        <CheckNumber
          device={device}
          onClose={() => setChecking(false)}
          onShow={(found) => {
            setChecking(false)
            goTo('contacts', device, found)
          }}
        />
      )}
    </>
  )
}

function ContactRow({
  device,
  contact,
  isOpen,
}: {
  readonly device: string
  readonly contact: Contact
  readonly isOpen: boolean
}) {
  const name = nameOf(contact)
  return (
    <a
      class="entry"
      href={hrefOf('contacts', device, contact.jid)}
      {...(isOpen && { 'aria-current': 'true' })}
    >
      <Face name={name} />
      <span class="entry-words">
        <b class="cut">{name}</b>
        <span class="soft small cut">{shownAddress(contact.jid)}</span>
      </span>
    </a>
  )
}

function nameOf({ name, jid }: Contact): string {
  return name === '' ? shownAddress(jid) : name
}
