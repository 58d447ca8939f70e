import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Addresses at which clouds hand out credentials, beyond the link-local ones. */
const metadataAddresses: ReadonlySet<string> = new Set([
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
])

const neverRanges: ReadonlySet<string> = new Set(['linkLocal', 'unspecified', 'multicast', 'broadcast'])

/**
 * Whether a webhook that a caller set up may never be sent to this IP address: link-local ones (cloud metadata among them),
 * the metadata addresses elsewhere, and what is no single machine. Private and loopback addresses are allowed: a workflow
 * tool beside the gateway is the usual receiver.
 */
export function isForbiddenAddress(text: string): boolean {
  const address = plainAddress(ipaddr.parse(text))
  return neverRanges.has(address.range()) || metadataAddresses.has(address.toString())
}

/** The IPv4 address inside an IPv6 one that only wraps it. */
function plainAddress(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!(address instanceof ipaddr.IPv6)) return address
  const bytes = address.toByteArray()
  switch (address.range()) {
    case 'ipv4Mapped':
      return address.toIPv4Address()
    case 'rfc6052':
      return new ipaddr.IPv4(bytes.slice(12))
    case '6to4':
      return new ipaddr.IPv4(bytes.slice(2, 6))
    default:
      return address
  }
}

/** Raised towards whoever posts; the text ends up in the delivery. */
export class ForbiddenTarget extends Error {
  constructor(address: string) {
    super(`webhooks are never sent to ${address} (link-local, metadata or no single machine)`)
    this.name = 'ForbiddenTarget'
  }
}

/** Refuses a host that is written as a forbidden address; names are looked at when they are resolved. */
export function refuseForbiddenHost(hostname: string): void {
  const bare = hostname.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0 && isForbiddenAddress(bare)) throw new ForbiddenTarget(bare)
}

/** Resolves names as the system does, at the moment of the connection, and leaves out addresses that are forbidden. */
export const guardedLookup: LookupFunction = (hostname, options: LookupOptions, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, '', 4)
      return
    }
    const allowed = addresses.filter(({ address }) => !isForbiddenAddress(address))
    const [first] = allowed
    if (first === undefined) callback(new ForbiddenTarget(addressesOf(addresses)), '', 4)
    else if (options.all === true) callback(null, allowed)
    else callback(null, first.address, first.family)
  })
}

function addressesOf(addresses: readonly LookupAddress[]): string {
  return addresses.map(({ address }) => address).join(', ')
}
