import { decodeValue } from '../key-codec.ts'
import type { KeyChange } from '../key-rows.ts'
import { marked, type SignalDeps } from './session-operations.ts'
import {
  decodeSessionRecord,
  emptyRecord,
  encodeSessionRecord,
  mergedRecords,
  openSession,
} from './session-record.ts'
import {
  type AddressParts,
  addressName,
  addressOfJid,
  hostedDomain,
  hostedLidDomain,
  isPhoneAddress,
  lidDomain,
  phoneDomain,
  underLid,
} from './signal-address.ts'

const hostedDevice = 99

/**
 * Moves the sessions with all of a person's devices from the phone number to the LID, in one commit, beside those that are
 * under the LID already. A record without an open session stays where it is.
 */
export async function migrateSessions(
  deps: Pick<SignalDeps, 'vault' | 'locks' | 'clock'>,
  fromJid: string,
  toJid: string,
): Promise<{ migrated: number; skipped: number; total: number }> {
  const to = parsed(toJid)
  if (to === null || (to.domain !== lidDomain && to.domain !== hostedLidDomain)) {
    return { migrated: 0, skipped: 0, total: 0 }
  }
  const from = parsed(fromJid)
  if (from === null || !isPhoneAddress(from)) return { migrated: 0, skipped: 0, total: 1 }

  const moves = (await devicesOf(deps, from)).map((device) => {
    const domain = device === hostedDevice ? hostedDomain : phoneDomain
    const source = { user: from.user, domain, device }
    return { source: addressName(source), target: addressName(underLid(source, to.user)) }
  })
  const sources = moves.map(({ source }) => source)
  const targets = moves.map(({ target }) => target)
  const { result, written } = await deps.locks.run([...sources, ...targets], async () => {
    const [stored, present] = await Promise.all([
      deps.vault.read('session', sources),
      deps.vault.read('session', targets),
    ])
    const now = deps.clock.now().getTime()
    const changes: KeyChange[] = []
    for (const { source, target } of moves) {
      const body = stored.get(source)
      const record = body === undefined ? emptyRecord : decodeSessionRecord(body)
      if (openSession(record) === null) continue
      const known = present.get(target)
      // Both sides may have begun a session at the same time, each under another address: messages come in either.
      const merged = known === undefined ? record : mergedRecords(record, decodeSessionRecord(known), now)
      changes.push(
        { type: 'session', id: target, body: encodeSessionRecord(merged) },
        { type: 'session', id: source, body: null },
      )
    }
    const migrated = changes.length / 2
    return {
      result: { migrated, skipped: stored.size - migrated, total: stored.size },
      written: marked(deps.vault.write({ changes })),
    }
  })
  await written
  return result
}

/** The devices the library knows of the person, and the one named. */
async function devicesOf(deps: Pick<SignalDeps, 'vault'>, from: AddressParts): Promise<number[]> {
  const body = await deps.vault.readOne('device-list', from.user)
  const listed = body === null ? [] : decodeValue(body)
  const devices = Array.isArray(listed) ? listed.map(Number).filter(Number.isInteger) : []
  return [...new Set([...devices, from.device])]
}

function parsed(jid: string): AddressParts | null {
  return /^[^@]+@(s\.whatsapp\.net|lid|hosted|hosted\.lid)$/.test(jid) ? addressOfJid(jid) : null
}
