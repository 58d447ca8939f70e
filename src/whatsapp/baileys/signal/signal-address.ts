// How baileys writes Signal addresses: `<user>[_<domain>].<device>`, where the domain tells phone numbers (none), LIDs
// and hosted ones apart (Signal/libsignal.js, WABinary/jid-utils.js). The rows in our tables are named by them.

/** An address in its parts. */
export interface AddressParts {
  readonly user: string
  readonly domain: number
  readonly device: number
}

export const phoneDomain = 0
export const lidDomain = 1
export const hostedDomain = 128
export const hostedLidDomain = 129

const domainOfServer: ReadonlyMap<string, number> = new Map([
  ['lid', lidDomain],
  ['hosted', hostedDomain],
  ['hosted.lid', hostedLidDomain],
])

/** The parts of a JID with device. Throws when it has no user, or is device 99 of somebody who is not hosted. */
export function addressOfJid(jid: string): AddressParts {
  const at = jid.indexOf('@')
  const server = jid.slice(at + 1)
  const [userAndAgent = '', device] = jid.slice(0, at).split(':')
  const [user = '', agent] = userAndAgent.split('_')
  if (at < 0 || user === '') throw new Error('the JID has no user')
  const parts = {
    user,
    domain: domainOfServer.get(server) ?? Number.parseInt(agent ?? '0', 10),
    device: Number(device ?? 0),
  }
  if (parts.device === 99 && !server.startsWith('hosted')) {
    throw new Error('device 99 belongs to hosted accounts only')
  }
  return parts
}

/** The name of an address in the key tables. */
export function addressName({ user, domain, device }: AddressParts): string {
  return `${domain === phoneDomain ? user : `${user}_${domain}`}.${device}`
}

/** The name of a member's sender key in a group. */
export function senderKeyName(group: string, member: AddressParts): string {
  const user = member.domain === phoneDomain ? member.user : `${member.user}_${member.domain}`
  return `${group}::${user}::${member.device}`
}

export function isPhoneAddress({ domain }: AddressParts): boolean {
  return domain === phoneDomain || domain === hostedDomain
}

/** The address of the same device under the person's LID. */
export function underLid(address: AddressParts, lidUser: string): AddressParts {
  return {
    user: lidUser,
    domain: address.domain === hostedDomain ? hostedLidDomain : lidDomain,
    device: address.device,
  }
}

/** The address of the same device under the person's phone number. */
export function underPhone(address: AddressParts, phoneUser: string): AddressParts {
  return {
    user: phoneUser,
    domain: address.domain === hostedLidDomain ? hostedDomain : phoneDomain,
    device: address.device,
  }
}
