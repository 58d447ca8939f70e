import { type BinaryNode, proto } from 'baileys'
import type { Account } from '../../state/account.ts'
import { bareJid } from '../../state/ids.ts'
import { LinkedDevice } from '../../state/linked-device.ts'
import type { World } from '../../state/world.ts'
import { child, children, el, text } from '../stanza.ts'
import { IqError, type IqHandler } from './iq-handler.ts'

/** `usync`: what is known about users: devices, LID, whether a number is on WhatsApp, about text and so on. */
export const usyncIq: IqHandler = {
  xmlns: 'usync',
  async handle(iq, { world, account }) {
    const usync = child(iq, 'usync')
    const protocols = children(child(usync, 'query')).map(({ tag }) => tag)
    if (!usync || protocols.length === 0) return new IqError(400, 'bad-request')
    const users = children(child(usync, 'list')).map((user) => answerFor(user, protocols, world, account))
    const result = el(
      'result',
      {},
      protocols.map((tag) => el(tag, { refresh: 86_400 })),
    )
    const { sid, context, mode } = usync.attrs
    return [el('usync', { sid, context, mode, index: 0, last: 'true' }, [el('list', {}, users), result])]
  },
}

function answerFor(user: BinaryNode, protocols: string[], world: World, asker: Account): BinaryNode {
  const number = text(child(user, 'contact')).replace(/\D/g, '')
  const asked = user.attrs['jid'] ?? (number === '' ? undefined : `${number}@s.whatsapp.net`)
  const account = user.attrs['jid'] === undefined ? world.reachedBy(number) : world.account(asked)
  if (!account) {
    const contact = protocols.includes('contact') ? [el('contact', { type: 'out' })] : []
    return el('user', { jid: asked }, contact)
  }
  if (protocols.includes('devices') && account !== asker) account.watchers.add(asker)
  const jid = user.attrs['jid'] === undefined ? account.pn : bareJid(user.attrs['jid'])
  const answers = protocols.map((protocol) => PROTOCOLS[protocol]?.(account, asker))
  return el(
    'user',
    { jid },
    answers.filter((answer) => answer !== undefined),
  )
}

const PROTOCOLS: Record<string, (account: Account, asker: Account) => BinaryNode | undefined> = {
  lid: (account) => (account.tellsLid ? el('lid', { val: account.lid }) : undefined),
  contact: () => el('contact', { type: 'in' }),
  devices: (account) => el('devices', {}, [deviceList(account)]),
  status: (account, asker) =>
    account.privacy.get('status') === 'none' && account !== asker
      ? el('status', { code: 401, t: 0 })
      : el('status', { t: account.aboutSetAt }, account.about),
  disappearing_mode: (account) =>
    el('disappearing_mode', { duration: account.disappearingSeconds, t: account.disappearingSetAt }),
  picture: (account) =>
    account.pictureId === undefined ? undefined : el('picture', { id: account.pictureId }),
  business: (account) =>
    account.businessName === undefined
      ? undefined
      : el('business', {}, [
          el('verified_name', { v: 2, verified_level: 'unknown' }, certificateOf(account.businessName)),
        ]),
}

/** A verified name comes in a certificate; clients read the name from the details that are signed in it. */
function certificateOf(verifiedName: string): Uint8Array {
  const details = proto.VerifiedNameCertificate.Details.encode({ verifiedName, issuer: 'smb:wa' }).finish()
  return proto.VerifiedNameCertificate.encode({ details, signature: Buffer.alloc(64) }).finish()
}

function deviceList(account: Account): BinaryNode {
  const devices = [...account.devices.values()].map((device) =>
    el('device', {
      id: device.number,
      // A companion without key index is dropped by clients; the phone has none.
      'key-index':
        device.number === 0 ? undefined : device instanceof LinkedDevice ? device.keyIndex : device.number,
    }),
  )
  return el('device-list', {}, devices)
}
