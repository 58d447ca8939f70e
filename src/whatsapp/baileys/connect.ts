import { makeWASocket, proto, type UserFacingSocketConfig, type WASocket } from 'baileys'
import type { DeviceId } from '../../core/ids.ts'
import { asMessageId } from '../../core/ids.ts'
import type { Identity } from '../whatsapp-event.ts'
import { keepOwnName, restoreOwnLid } from './account.ts'
import { boundAppStateRounds } from './app-state-rounds.ts'
import type { BaileysLogger } from './baileys-logger.ts'
import type { DeviceKeys } from './device-keys.ts'
import type { EarlyDecryption } from './early-decryption.ts'
import type { EngineConfig } from './engine-config.ts'
import { isWantedHistory, liesOnHost } from './history-parts.ts'
import { hearMembers } from './member-learning.ts'
import { separateMessageTurns } from './message-turn.ts'
import type { Network } from './network.ts'
import { isParticipant } from './own-group-keys.ts'
import type { DeviceCaches } from './shared-caches.ts'
import type { WebVersion } from './web-version.ts'

/** What was sent, for peers that could not decrypt it (implemented by the messages' reader). */
export interface SentMessageSource {
  /** The protobuf of an own message, or null when it is not known. */
  rawMessage(device: DeviceId, id: ReturnType<typeof asMessageId>): Promise<Uint8Array | null>
}

export interface ConnectOptions {
  readonly deviceId: DeviceId
  readonly config: EngineConfig
  readonly version: WebVersion
  readonly keys: DeviceKeys
  readonly caches: DeviceCaches
  readonly network: Network
  readonly sentMessages: SentMessageSource
  readonly logger: BaileysLogger
  readonly earlyDecryption: EarlyDecryption
  /** Called with every pair of LID and phone-number JID that Baileys stores. */
  readonly onMappings: (pairs: readonly { lid: string; pn: string }[]) => void
  /** Called with the members of every list that Baileys is told, as far as both addresses of them came. */
  readonly onMembers: (pairs: readonly Identity[]) => void
}

/** Queries without an answer end after this. */
const queryLimitMs = 15_000

/** Begins one connection of Baileys with everything that is ours in it. Throws when the address is unusable. */
export function connect(options: ConnectOptions): WASocket {
  const { deviceId, config, keys, caches, network, sentMessages } = options
  const groupOf = (group: string) => caches.groups.get(group, () => socket.groupMetadata(group))
  const socketConfig: UserFacingSocketConfig = {
    waWebSocketUrl: config.websocketUrl,
    version: [...options.version],
    browser: [config.deviceName, 'Chrome', '1.0'],
    logger: options.logger,
    auth: { creds: keys.creds, keys: keys.keys },
    makeSignalRepository: (auth, logger, pnToLid) =>
      attended(keys.makeSignalRepository(auth, logger, pnToLid), options),
    getMessage: async (key) => {
      const { remoteJid, participant } = key
      if (
        remoteJid?.endsWith('@g.us') &&
        !(participant && isParticipant(await groupOf(remoteJid), participant))
      )
        return undefined
      const raw = key.id ? await sentMessages.rawMessage(deviceId, asMessageId(key.id)) : null
      return raw === null ? undefined : proto.Message.decode(raw)
    },
    cachedGroupMetadata: groupOf,
    msgRetryCounterCache: caches.retries,
    userDevicesCache: caches.userDevices,
    callOfferCache: caches.callOffers,
    placeholderResendCache: caches.placeholders,
    mediaCache: caches.media,
    // Baileys counts every retry receipt twice: this allows five.
    maxMsgRetryCount: 10,
    enableRecentMessageCache: true,
    // Spread over devices, so that after a start not all of them ping in the same moment.
    keepAliveIntervalMs: config.keepAliveMs ?? 20_000 + Math.floor(Math.random() * 10_000),
    defaultQueryTimeoutMs: queryLimitMs,
    syncFullHistory: false,
    // Parts on the media host are fetched by `HistoryParts`, and come as ones that bring everything along.
    shouldSyncHistoryMessage: (part) => isWantedHistory(part) && !liesOnHost(part),
    shouldIgnoreJid: () => false,
    transactionOpts: { maxCommitRetries: 3, delayBetweenTriesMs: 200 },
    appStateMacVerification: { patch: true, snapshot: true },
    fireInitQueries: true,
    markOnlineOnConnect: false,
    emitOwnEvents: false,
    // Baileys hands this on to fetch, whose Node form knows `dispatcher`; the web's type does not.
    options: { dispatcher: network.downloads } as unknown as RequestInit,
    ...(config.qrLifetimeMs === undefined ? {} : { qrTimeout: config.qrLifetimeMs }),
    ...(network.agent ? { agent: network.agent, fetchAgent: network.agent } : {}),
  }
  const ownLid = keys.creds.me?.lid
  const socket = makeWASocket(socketConfig)
  separateMessageTurns(socket)
  boundAppStateRounds(socket)
  hearMembers(socket, options.onMembers)
  keepOwnName(socket, keys.creds)
  socket.ev.on('creds.update', ({ me }) => {
    if (me !== undefined) restoreOwnLid(keys.creds, ownLid)
  })
  // Its cache keeps every message of five minutes, received ones too; retries are answered from the store.
  if (socket.messageRetryManager) socket.messageRetryManager.addRecentMessage = () => undefined
  return socket
}

type SignalRepository = ReturnType<DeviceKeys['makeSignalRepository']>

/** Lets us hear of every pair that is stored, wherever Baileys learnt it (stanzas, device lists, history), and decrypt early. */
function attended(repository: SignalRepository, options: ConnectOptions): SignalRepository {
  const { lidMapping } = repository
  const store = lidMapping.storeLIDPNMappings.bind(lidMapping)
  lidMapping.storeLIDPNMappings = async (pairs) => {
    await store(pairs)
    options.onMappings(pairs)
  }
  options.earlyDecryption.serve(repository)
  return repository
}
