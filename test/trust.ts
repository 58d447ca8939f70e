// Owns: that this process trusts a simulator's media host, as NODE_EXTRA_CA_CERTS does for a process of its own.
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { Simulator } from '@gatewa/simulator'

const usual = getCACertificates('default')
const added = new Set<string>()

/** Trusts the simulator's media host for as long as the process lives. */
export function trustMediaHost({ media }: Pick<Simulator, 'media'>): void {
  added.add(media.caPem)
  setDefaultCACertificates([...usual, ...added])
}
