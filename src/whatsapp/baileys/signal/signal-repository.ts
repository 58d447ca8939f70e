import type { SignalRepositoryWithLIDStore } from 'baileys'
import { GroupOperations } from './group-operations.ts'
import { type FetchLids, LidMapping } from './lid-mapping.ts'
import { migrateSessions } from './session-migration.ts'
import { SessionOperations, type SignalDeps } from './session-operations.ts'
import { addressName, addressOfJid } from './signal-address.ts'

/**
 * The Signal protocol for one device, with the interface of the library's own repository (Signal/libsignal.js). Every
 * operation reads and writes our key rows directly, never through the transaction cache that the library wraps around its
 * key store: two of those can have the same session open at once, and the last commit wins.
 */
export function makeSignalRepository(
  shared: Omit<SignalDeps, 'lidMapping'>,
  fetchLids: FetchLids | undefined,
): SignalRepositoryWithLIDStore {
  const lidMapping = new LidMapping(shared.vault, shared.logger, fetchLids)
  const deps = { ...shared, lidMapping }
  const sessions = new SessionOperations(deps)
  const groups = new GroupOperations(deps)
  return {
    decryptMessage: (options) => sessions.decrypt(options),
    encryptMessage: (options) => sessions.encrypt(options),
    injectE2ESession: (options) => sessions.begin(options),
    validateSession: (jid) => sessions.validate(jid),
    getSessionInfo: (jid) => sessions.info(jid),
    deleteSession: (jids) => sessions.delete(jids),
    migrateSession: (fromJid, toJid) => migrateSessions(deps, fromJid, toJid),

    decryptGroupMessage: (options) => groups.decrypt(options),
    processSenderKeyDistributionMessage: (options) => groups.process(options),
    encryptGroupMessage: (options) => groups.encrypt(options),
    getSenderKeyDistributionMessage: (options) => groups.distribution(options),
    hasSenderKey: (options) => groups.hasKey(options),

    jidToSignalProtocolAddress: (jid) => addressName(addressOfJid(jid)),
    // The library's type is a class with private fields; it calls the public methods only.
    lidMapping: lidMapping as unknown as SignalRepositoryWithLIDStore['lidMapping'],
    close: () => lidMapping.close(),
  }
}
