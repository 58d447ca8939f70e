import { unlink } from '../pairing/linking.ts'
import { child } from '../stanza.ts'
import { IqError, type IqHandler } from './iq-handler.ts'

/** `md` of a linked device: logging out. */
export const mdIq: IqHandler = {
  xmlns: 'md',
  async handle(iq, { account, world, router }) {
    const request = child(iq, 'remove-companion-device')
    if (!request) return undefined
    const device = world.device(request.attrs['jid'])
    const linked = account.linkedDevices.find((each) => each === device)
    if (!linked) return new IqError(404, 'item-not-found')
    unlink(linked, router)
    return []
  },
}
