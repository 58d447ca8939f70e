import ipaddr from 'ipaddr.js'

/** An IP address that was read. */
export type Address = ReturnType<typeof ipaddr.parse>

/**
 * Where an address leads: `public` to the internet; `inside` to this machine or a network around it; `never` to cloud
 * metadata, a link-local neighbour or no single machine, which nobody has a good reason to be led to.
 */
export type Place = 'public' | 'inside' | 'never'

/** IPv6 that is routed on the internet; all else (mapped, translated, site-local, …) is some way into a network. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/** Addresses at which clouds hand out credentials, beyond the link-local ones; one of them looks public. */
const metadataAddresses: ReadonlySet<string> = new Set([
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
])

const neverRanges: ReadonlySet<string> = new Set(['linkLocal', 'unspecified', 'multicast', 'broadcast'])

/** A host without the brackets that URLs put around IPv6. */
export function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

/** Whether the host of a URL is an address (in brackets or not) and no name. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(bareHost(host))
}

/** Reads an address, in brackets or not; null for text that is none. IPv4 that is mapped into IPv6 is IPv4. */
export function readAddress(host: string): Address | null {
  const plain = bareHost(host)
  return ipaddr.isValid(plain) ? ipaddr.process(plain) : null
}

/** Where an address leads; one that wraps another is looked through for what is `never`. */
export function placeOf(address: Address): Place {
  const inner = unwrapped(address)
  if (neverRanges.has(inner.range()) || metadataAddresses.has(inner.toString())) return 'never'
  if (address.range() !== 'unicast') return 'inside'
  return !(address instanceof ipaddr.IPv6) || address.match(globalUnicast) ? 'public' : 'inside'
}

/** The IPv4 address inside an IPv6 one that only wraps it. */
function unwrapped(address: Address): Address {
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
