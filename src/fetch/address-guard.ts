import ipaddr from 'ipaddr.js'

type Address = ReturnType<typeof ipaddr.parse>

/** IPv6 that is routed on the internet; all else (mapped, translated, site-local, …) is some way into a network. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')
/** Azure's service for the machine itself: metadata at an address that looks public. */
const azureWireServer = '168.63.129.16'

/** Decides which addresses may be dialled for somebody from outside: public ones, and those that the operator named. */
export class AddressGuard {
  readonly #names: ReadonlySet<string>
  readonly #ranges: readonly (readonly [Address, number])[]

  /** `allowed`: host names, addresses and ranges (CIDR) that may be dialled although they are inside. */
  constructor(allowed: readonly string[]) {
    const isRange = (entry: string) => ipaddr.isValidCIDR(entry) || ipaddr.isValid(bare(entry))
    this.#names = new Set(allowed.filter((entry) => !isRange(entry)).map(normalised))
    this.#ranges = allowed.filter(isRange).map(toRange)
  }

  /** Whether the operator named this host, so that it does not matter where it is. */
  allowsName(host: string): boolean {
    return this.#names.has(normalised(host))
  }

  /** Whether this address may be dialled. Text that is no address may not. */
  allowsAddress(text: string): boolean {
    const plain = bare(text)
    if (!ipaddr.isValid(plain)) return false
    const address = ipaddr.process(plain)
    return isPublic(address) || this.#ranges.some(([range, bits]) => isIn(address, range, bits))
  }
}

/** Whether the host of a URL is an address (in brackets or not) and no name. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(bare(host))
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false
  return address instanceof ipaddr.IPv6
    ? address.match(globalUnicast)
    : address.toString() !== azureWireServer
}

function isIn(address: Address, range: Address, bits: number): boolean {
  if (address instanceof ipaddr.IPv4) return range instanceof ipaddr.IPv4 && address.match(range, bits)
  return range instanceof ipaddr.IPv6 && address.match(range, bits)
}

function toRange(entry: string): readonly [Address, number] {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
  const address = ipaddr.process(bare(entry))
  return [address, address instanceof ipaddr.IPv4 ? 32 : 128]
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

/** Names are the same with a dot at their end, and in any case. */
function normalised(host: string): string {
  return bare(host).toLowerCase().replace(/\.$/, '')
}
