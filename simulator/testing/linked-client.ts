import type { Person } from '../api/person.ts'
import type { Simulator } from '../simulator.ts'
import { PlainClient } from './plain-client.ts'

/** A plain client, linked to a person's account by QR code, open, and done with its first sync. */
export async function linkedClient(
  simulator: Simulator,
  owner: Person,
  config: ConstructorParameters<typeof PlainClient>[1] = {},
): Promise<PlainClient> {
  const client = new PlainClient(simulator, config)
  await owner.scanQr(await client.qr())
  await client.opened()
  await client.synced()
  return client
}
