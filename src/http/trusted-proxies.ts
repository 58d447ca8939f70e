import ipaddr from 'ipaddr.js'

/** Tells whether forwarded headers of a peer count. */
export type ProxyTrust = (address: string | undefined) => boolean

/** Reads a list of addresses and ranges. IPv4 peers on an IPv6 socket are recognised. */
export function proxyTrust(trusted: readonly string[]): ProxyTrust {
  const ranges = trusted.map(toRange)
  return (address) => {
    if (address === undefined || !ipaddr.isValid(address)) return false
    const peer = ipaddr.process(address)
    return ranges.some(([network, bits]) => peer.kind() === network.kind() && peer.match(network, bits))
  }
}

function toRange(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}
