import { decodeValue } from '../key-codec.ts'
import type { KeyChange } from '../key-rows.ts'
import { marked, type SignalDeps } from './session-operations.ts'
import { decodeSessionRecord, openSession } from './session-record.ts'
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
 * Moves the sessions with all of a person's devices from the phone number to the LID, in one commit. Sessions that are
 * closed stay where they are, as does what is under the LID already when there is nothing to move.
 */
export async function migrateSessions(
  deps: Pick<SignalDeps, 'vault' | 'locks'>,
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
  const { result, written } = await deps.locks.run(
    moves.flatMap(({ source, target }) => [source, target]),
    async () => {
      const stored = await deps.vault.read(
        'session',
        moves.map(({ source }) => source),
      )
      const changes: KeyChange[] = []
      for (const { source, target } of moves) {
        const body = stored.get(source)
        if (body === undefined || openSession(decodeSessionRecord(body)) === null) continue
        changes.push({ type: 'session', id: target, body }, { type: 'session', id: source, body: null })
      }
      const migrated = changes.length / 2
      return {
        result: { migrated, skipped: stored.size - migrated, total: stored.size },
        written: marked(deps.vault.write({ changes })),
      }
    },
  )
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
