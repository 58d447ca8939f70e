import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { bareHost, placeOf, readAddress } from '../../fetch/address.ts'

/**
 * Whether a webhook that a caller set up may never be sent to this IP address: link-local ones (cloud metadata among them),
 * the metadata addresses elsewhere, and what is no single machine. Private and loopback addresses are allowed: a workflow
 * tool beside the gateway is the usual receiver.
 */
export function isForbiddenAddress(text: string): boolean {
  const address = readAddress(text)
  return address !== null && placeOf(address) === 'never'
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
  if (isForbiddenAddress(hostname)) throw new ForbiddenTarget(bareHost(hostname))
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
