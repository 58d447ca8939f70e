import {
  type AuthenticationCreds,
  addTransactionCapability,
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  initAuthCreds,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalRepositoryWithLIDStore,
} from 'baileys'
import { ManualClock } from '../../../core/clock.ts'
import { asDeviceId } from '../../../core/ids.ts'
import { silentLogger } from '../../../core/logger.ts'
import type { DeviceKeys } from '../device-keys.ts'
import { KeyMaterial } from '../key-material.ts'
import type { KeyDatabase } from '../key-row-store.ts'

// The two sides of the interop tests and of the bench: a device on our tables, and one as the library makes it.

const libraryLogger = DEFAULT_CONNECTION_CONFIG.logger.child({})
libraryLogger.level = 'silent'

/** One end of a conversation, by the name the other end knows it by. */
export interface Side {
  readonly jid: string
  readonly creds: AuthenticationCreds
  readonly repository: SignalRepositoryWithLIDStore
  /** Reads a one-time prekey, as a server would have it. */
  preKey(id: number): Promise<{ public: Uint8Array; private: Uint8Array } | undefined>
}

export interface OwnSide extends Side {
  readonly material: KeyMaterial
  readonly keys: DeviceKeys
}

/** A device on our tables; made again on the same database it is the device after a restart. */
export async function ourSide(
  { db, inTransaction, cipher }: Pick<KeyDatabase, 'db' | 'inTransaction' | 'cipher'>,
  jid: string,
  clock = new ManualClock(),
): Promise<OwnSide> {
  const material = new KeyMaterial({ db, inTransaction, cipher, clock, logger: silentLogger })
  const keys = await material.load(asDeviceId(`device of ${jid}`))
  return {
    jid,
    material,
    keys,
    creds: keys.creds,
    repository: onceDurable(
      keys.makeSignalRepository({ creds: keys.creds, keys: keys.keys }, libraryLogger),
      keys,
    ),
    preKey: async (id) => (await keys.keys.get('pre-key', [String(id)]))[String(id)],
  }
}

/** Letters leave, and are confirmed, as frames are: when the step they stand for is on disk. */
function onceDurable(
  repository: SignalRepositoryWithLIDStore,
  keys: DeviceKeys,
): SignalRepositoryWithLIDStore {
  const after = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work
    await keys.durable()
    return result
  }
  return {
    ...repository,
    decryptMessage: (options) => after(repository.decryptMessage(options)),
    encryptMessage: (options) => after(repository.encryptMessage(options)),
    decryptGroupMessage: (options) => after(repository.decryptGroupMessage(options)),
    encryptGroupMessage: (options) => after(repository.encryptGroupMessage(options)),
    processSenderKeyDistributionMessage: (options) =>
      after(repository.processSenderKeyDistributionMessage(options)),
  }
}

/** A device as the library alone makes it, its keys in memory. */
export async function librarySide(jid: string): Promise<Side> {
  const creds = initAuthCreds()
  const rows = new Map<string, unknown>()
  const keys = addTransactionCapability(
    {
      get: <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) =>
        // What is read under a type is what was written under it.
        Object.fromEntries(
          ids.flatMap((id) => (rows.has(`${type}/${id}`) ? [[id, rows.get(`${type}/${id}`)]] : [])),
        ) as {
          [id: string]: SignalDataTypeMap[T]
        },
      set: (data: SignalDataSet) => {
        for (const [type, values] of Object.entries(data)) {
          for (const [id, value] of Object.entries(values)) rows.set(`${type}/${id}`, value ?? undefined)
        }
      },
    },
    libraryLogger,
    { maxCommitRetries: 1, delayBetweenTriesMs: 1 },
  )
  const preKeys = Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [String(i + 1), Curve.generateKeyPair()]),
  )
  await keys.set({ 'pre-key': preKeys })
  return {
    jid,
    creds,
    repository: DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds, keys }, libraryLogger),
    preKey: async (id) => (await keys.get('pre-key', [String(id)]))[String(id)],
  }
}

type Bundle = Parameters<SignalRepositoryWithLIDStore['injectE2ESession']>[0]['session']

/** What the server hands out of a side. */
export async function bundleOf(side: Side, preKeyId: number | null = 1): Promise<Bundle> {
  const { creds } = side
  const preKey = preKeyId === null ? undefined : await side.preKey(preKeyId)
  const typed = (key: Uint8Array) => Buffer.concat([Buffer.from([5]), key])
  return {
    registrationId: creds.registrationId,
    identityKey: typed(creds.signedIdentityKey.public),
    signedPreKey: {
      keyId: creds.signedPreKey.keyId,
      publicKey: typed(creds.signedPreKey.keyPair.public),
      signature: creds.signedPreKey.signature,
    },
    ...(preKey === undefined || preKeyId === null
      ? {}
      : { preKey: { keyId: preKeyId, publicKey: typed(preKey.public) } }),
  }
}

/** An encrypted message on its way. */
export type Letter = Awaited<ReturnType<SignalRepositoryWithLIDStore['encryptMessage']>>

export function write(from: Side, to: Side, text: string): Promise<Letter> {
  return from.repository.encryptMessage({ jid: to.jid, data: Buffer.from(text) })
}

export async function read(at: Side, from: Side, { type, ciphertext }: Letter): Promise<string> {
  const plaintext = await at.repository.decryptMessage({ jid: from.jid, type, ciphertext })
  return Buffer.from(plaintext).toString()
}

/** Begins a session and lets both sides write once, so that neither sends prekey messages any more. */
export async function acquaint(a: Side, b: Side): Promise<void> {
  await a.repository.injectE2ESession({ jid: b.jid, session: await bundleOf(b) })
  await read(b, a, await write(a, b, 'hello'))
  await read(a, b, await write(b, a, 'hello yourself'))
}
