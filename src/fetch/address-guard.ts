import ipaddr from 'ipaddr.js'
import { type Address, bareHost, placeOf, readAddress } from './address.ts'

/** Decides which addresses may be dialled for somebody from outside: public ones, and those that the operator named. */
export class AddressGuard {
  readonly #names: ReadonlySet<string>
  readonly #ranges: readonly (readonly [Address, number])[]

  /** `allowed`: host names, addresses and ranges (CIDR) that may be dialled although they are inside. */
  constructor(allowed: readonly string[]) {
    const isRange = (entry: string) => ipaddr.isValidCIDR(entry) || ipaddr.isValid(bareHost(entry))
    this.#names = new Set(allowed.filter((entry) => !isRange(entry)).map(normalised))
    this.#ranges = allowed.filter(isRange).map(toRange)
  }

  /** Whether the operator named this host, so that it does not matter where it is. */
  allowsName(host: string): boolean {
    return this.#names.has(normalised(host))
  }

  /** Whether this address may be dialled. Text that is no address may not. */
  allowsAddress(text: string): boolean {
    const address = readAddress(text)
    if (address === null) return false
    return placeOf(address) === 'public' || this.#ranges.some(([range, bits]) => isIn(address, range, bits))
  }
}

function isIn(address: Address, range: Address, bits: number): boolean {
  if (address instanceof ipaddr.IPv4) return range instanceof ipaddr.IPv4 && address.match(range, bits)
  return range instanceof ipaddr.IPv6 && address.match(range, bits)
}

function toRange(entry: string): readonly [Address, number] {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
  const address = ipaddr.process(bareHost(entry))
  return [address, address instanceof ipaddr.IPv4 ? 32 : 128]
}

/** Names are the same with a dot at their end, and in any case. */
function normalised(host: string): string {
  return bareHost(host).toLowerCase().replace(/\.$/, '')
}
