import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { AppError } from '../core/app-error.ts'
import { isAddress } from './address.ts'
import type { AddressGuard } from './address-guard.ts'

/** Asks for every address of a name. */
export type ResolveAll = (
  name: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void

// With an error Node leaves the addresses out, whatever its types say.
const throughSystem: ResolveAll = (name, done) =>
  systemLookup(name, { all: true }, (error, addresses) => done(error, error === null ? addresses : []))

/** Makes the error for a URL that must not be fetched because of where its host is. */
export function addressRefused(): AppError {
  return new AppError('url_refused', {
    message:
      'the host of this URL is not on the public internet, so it is not fetched; APP_FETCH_ALLOWED_HOSTS opens named hosts',
  })
}

/**
 * Makes the function that dials for undici. The address is checked where it is dialled, on each connection: what a name
 * pointed to a moment ago does not count. A name with one address that is refused is refused as a whole.
 */
export function guardedConnector(
  guard: AddressGuard,
  options: { readonly timeoutMs: number; readonly resolveAll?: ResolveAll },
): buildConnector.connector {
  const resolveAll = options.resolveAll ?? throughSystem
  const checked: LookupFunction = (name, { all }, done) => {
    resolveAll(name, (error, addresses) => {
      const [first] = addresses
      const isRefused =
        !guard.allowsName(name) && addresses.some(({ address }) => !guard.allowsAddress(address))
      if (error !== null || first === undefined) done(error ?? new Error(`no address for ${name}`), '', 0)
      else if (isRefused) done(addressRefused(), '', 0)
      else if (all === true) done(null, [...addresses])
      else done(null, first.address, first.family)
    })
  }
  const connect = buildConnector({ timeout: options.timeoutMs, lookup: checked })
  return (target, done) => {
    // Nobody looks up what is an address already.
    const { hostname } = target
    if (isAddress(hostname) && !guard.allowsAddress(hostname)) done(addressRefused(), null)
    else connect(target, done)
  }
}
