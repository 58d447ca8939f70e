import type { Jid } from '../../whatsapp/jid.ts'
import type { StatusActions } from '../../whatsapp/status-actions.ts'
import type { AccountScope } from '../account-scope.ts'
import type { ContactReader } from '../users/contact-reader.ts'

/** Decides whom a status goes to; WhatsApp's server only carries it to those it was made for. */
export class StatusAudience {
  readonly #contacts: Pick<ContactReader, 'list'>

  constructor(deps: { readonly contacts: Pick<ContactReader, 'list'> }) {
    this.#contacts = deps.contacts
  }

  /**
   * The people in the account's address book as its status privacy allows, or the list that it names, and always the
   * account itself, whose other devices show what was posted. Rejects as `StatusActions` does.
   */
  async of(scope: AccountScope, statuses: StatusActions): Promise<Jid[]> {
    const { shownTo, people } = await statuses.privacy()
    if (shownTo === 'only') return [...new Set([...people, scope.account])]
    const hidden = new Set(shownTo === 'contacts-except' ? people : [])
    const saved = (await this.#contacts.list(scope)).filter(({ name }) => name !== '')
    const shown = saved.filter(({ jid, lid }) => !hidden.has(jid) && (lid === null || !hidden.has(lid)))
    return [...new Set([...shown.map(({ jid }) => jid), scope.account])]
  }
}
