import { expect, it } from 'vitest'
import { guardedLookup, isForbiddenAddress, refuseForbiddenHost } from './target-addresses.ts'

it.each([
  '169.254.169.254',
  '169.254.1.1',
  'fe80::1',
  'fd00:ec2::254',
  '100.100.100.200',
  '168.63.129.16',
  '0.0.0.0',
  '::',
  '255.255.255.255',
  '224.0.0.1',
  'ff02::1',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
])('%s is never posted to', (address) => {
  expect(isForbiddenAddress(address)).toBe(true)
})

it.each(['127.0.0.1', '::1', '10.0.0.5', '192.168.1.20', '172.17.0.1', 'fd12:3456::1', '93.184.216.34'])(
  '%s may be posted to',
  (address) => {
    expect(isForbiddenAddress(address)).toBe(false)
  },
)

it('looks through the brackets of IPv6 hosts, and leaves names to the moment they are resolved', () => {
  expect(() => refuseForbiddenHost('[fe80::1]')).toThrow(/never sent to fe80::1/)
  expect(() => refuseForbiddenHost('169.254.169.254')).toThrow(/never sent/)
  expect(() => refuseForbiddenHost('metadata.example')).not.toThrow()
})

it('resolves a name to allowed addresses, in both shapes a caller may ask for', async () => {
  const all = await new Promise((resolve, reject) =>
    guardedLookup('localhost', { all: true }, (error, found) => (error ? reject(error) : resolve(found))),
  )
  expect(all).toEqual(expect.arrayContaining([expect.objectContaining({ family: 4 })]))
  const one = await new Promise((resolve, reject) =>
    guardedLookup('localhost', {}, (error, found) => (error ? reject(error) : resolve(found))),
  )
  expect(['127.0.0.1', '::1']).toContain(one)
})

it('refuses a name behind which there is nothing but forbidden addresses', async () => {
  const error = await new Promise((resolve) => guardedLookup('169.254.169.254', { all: true }, resolve))
  expect(String(error)).toMatch(/never sent to 169\.254\.169\.254/)
})
