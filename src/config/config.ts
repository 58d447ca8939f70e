import type { SettingValues } from './config-schema.ts'
import type { Credential } from './setting-forms.ts'
import { type TracingConfig, toTracing } from './tracing-config.ts'

/** What the HTTP side needs. @sensitive */
export interface HttpConfig {
  readonly host: string
  readonly port: number
  /** '' or a path that starts with / and does not end with one. */
  readonly basePath: string
  /** Empty: the gateway is open, and guards itself against foreign web pages unless `allowNoAuth`. */
  readonly basicAuth: readonly Credential[]
  readonly allowNoAuth: boolean
  /** Longest time that the answer to a wrong credential is held back, in ms. */
  readonly wrongCredentialDelayMs: number
  /** Most requests a minute that write through one device; 0 is any number. */
  readonly deviceSendsPerMinute: number
  readonly trustedProxies: readonly string[]
  /** `*` stands for any. */
  readonly corsAllowedOrigins: readonly string[]
  /** Whether the dashboard is served at `/`. */
  readonly dashboard: boolean
}

/** What the database needs. `uri` is `file:<absolute path>` or `postgres://…`. @sensitive */
export interface DatabaseConfig {
  readonly uri: string
  /** What keys are encrypted with, 32 bytes each: the present one, then older ones. Empty: not at all. */
  readonly encryptionKeys: readonly Buffer[]
}

/** What WhatsApp's side needs; absent members mean WhatsApp's own. @sensitive */
export interface WhatsAppConfig {
  readonly websocketUrl: string
  /** Hex, 64 digits. */
  readonly noiseRootKey?: string
  /** host or host:port. */
  readonly mediaHost?: string
  readonly proxy?: string
  readonly webVersion?: [number, number, number]
  readonly webVersionUrl: string
  readonly deviceName: string
  readonly accountValidation: boolean
  readonly autoReply?: string
  readonly autoMarkRead: boolean
  readonly autoDownloadMedia: boolean
  readonly autoRejectCall: boolean
  readonly presenceOnConnect: 'available' | 'unavailable' | 'none'
  readonly autoReplyIntervalMs: number
  /** 0: no pulse. */
  readonly presencePulseMs: number
  readonly presencePulseForMs: number
  readonly subscribesToTyping: boolean
}

/** An S3-compatible store. @sensitive */
export interface S3Config {
  /** Without a slash at the end. */
  readonly endpoint: string
  readonly bucket: string
  /** '' or what every key begins with. */
  readonly prefix: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

/** What sending and keeping files needs. @sensitive */
export interface MediaConfig {
  readonly maxImageBytes: number
  readonly maxFileBytes: number
  readonly maxVideoBytes: number
  readonly maxAudioBytes: number
  readonly maxDownloadBytes: number
  /** Names, addresses, ranges. */
  readonly fetchAllowedHosts: readonly string[]
  readonly fetchTimeoutMs: number
  readonly ffmpegPath: string
  /** PATH: where programs are looked for. */
  readonly searchPath: string
  /** Conversions at once. */
  readonly conversions: number
  /** 0: kept. */
  readonly retentionDays: number
  /** 0: no bound. */
  readonly quotaBytes: number
  readonly linkHours: number
  /** Absent: media is kept in the data folder. */
  readonly s3?: S3Config
}

/** What webhooks need. @sensitive */
export interface WebhookConfig {
  readonly urls: readonly string[]
  /** Absent: one is made once and kept in the database. */
  readonly secret?: string
  readonly insecureSkipVerify: boolean
  /** Lower case; empty means all kinds of the reference. */
  readonly events: readonly string[]
  /** Whole JIDs, or `@server` for all of a server. */
  readonly ignoreJids: readonly string[]
  readonly includeOutgoing: boolean
  /** Further request headers. */
  readonly headers: Readonly<Record<string, string>>
  readonly format: 'plain' | 'cloudevents'
  /** What an answer 410 does. */
  readonly whenGone: 'retry' | 'drop' | 'disable'
  /** An event older than this is given up at its next failure. */
  readonly giveUpAfterMs: number
  readonly longestDelayMs: number
  readonly timeoutMs: number
}

/** For how long data is kept, in days; 0 for ever. */
export interface RetentionConfig {
  readonly eventDays: number
  readonly deliveryDays: number
  readonly messageDays: number
  readonly auditDays: number
}

/** What is told to whoever scrapes. */
export interface MetricsConfig {
  /** Without credentials. */
  readonly isPublic: boolean
  /** Each device by its id. */
  readonly namesDevices: boolean
}

/** How to log. */
export interface LogConfig {
  readonly level: 'error' | 'warn' | 'info' | 'debug' | 'trace'
  readonly format: 'auto' | 'pretty' | 'json'
}

/** How commands find the running gateway. @sensitive */
export interface ClientConfig {
  /** Without a slash at the end; includes the base path. */
  readonly gatewayUrl: string
  /** Whether GATEWA_URL says so; otherwise the URL is made of the address to listen on. */
  readonly isNamed: boolean
  readonly credential: Credential | null
  /** What backups are encrypted with. */
  readonly backupPassphrase: string | null
}

/** Everything that can be set, one part per room; frozen. Printing it shows no value. @sensitive */
export interface Config {
  /** Version of this program. */
  readonly version: string
  /** Absolute path. */
  readonly dataDir: string
  readonly http: HttpConfig
  readonly database: DatabaseConfig
  readonly whatsapp: WhatsAppConfig
  readonly media: MediaConfig
  readonly webhooks: WebhookConfig
  readonly retention: RetentionConfig
  readonly metrics: MetricsConfig
  /** Whether tools for models are offered. */
  readonly isMcpOn: boolean
  /** null: nothing is traced. */
  readonly tracing: TracingConfig | null
  readonly log: LogConfig
  readonly client: ClientConfig
}

/** Puts checked values into the parts. `dataDir` and `databaseUri` must be absolute already. */
export function toConfig(
  values: SettingValues,
  place: {
    version: string
    dataDir: string
    databaseUri: string
    encryptionKeys: readonly Buffer[]
    searchPath: string
  },
): Config {
  const { webVersion } = values
  return sealed({
    version: place.version,
    dataDir: place.dataDir,
    http: sealed({
      host: values.host,
      port: values.port,
      basePath: values.basePath,
      basicAuth: values.basicAuth,
      allowNoAuth: values.allowNoAuth,
      wrongCredentialDelayMs: values.wrongCredentialDelay,
      deviceSendsPerMinute: values.deviceSendsPerMinute,
      trustedProxies: values.trustedProxies,
      corsAllowedOrigins: values.corsAllowedOrigins,
      dashboard: values.dashboard,
    }),
    database: sealed({ uri: place.databaseUri, encryptionKeys: place.encryptionKeys }),
    whatsapp: sealed({
      websocketUrl: values.websocketUrl,
      ...(values.noiseRootKey === undefined ? {} : { noiseRootKey: values.noiseRootKey.toLowerCase() }),
      ...(values.mediaHost === undefined ? {} : { mediaHost: values.mediaHost }),
      ...(values.proxy === undefined ? {} : { proxy: values.proxy }),
      ...(webVersion === undefined ? {} : { webVersion: [webVersion[0], webVersion[1], webVersion[2]] }),
      webVersionUrl: values.webVersionUrl,
      deviceName: values.deviceName,
      accountValidation: values.accountValidation,
      ...(values.autoReply === undefined ? {} : { autoReply: values.autoReply }),
      autoMarkRead: values.autoMarkRead,
      autoDownloadMedia: values.autoDownloadMedia,
      autoRejectCall: values.autoRejectCall,
      presenceOnConnect: values.presenceOnConnect,
      autoReplyIntervalMs: values.autoReplyMinutes * 60_000,
      presencePulseMs: values.presencePulse ? values.presencePulseInterval : 0,
      presencePulseForMs: values.presencePulseDuration,
      subscribesToTyping: values.typingSubscription,
    } satisfies WhatsAppConfig),
    media: sealed({
      maxImageBytes: values.maxImageSize,
      maxFileBytes: values.maxFileSize,
      maxVideoBytes: values.maxVideoSize,
      maxAudioBytes: values.maxAudioSize,
      maxDownloadBytes: values.maxDownloadSize,
      fetchAllowedHosts: values.fetchAllowedHosts,
      fetchTimeoutMs: values.fetchTimeout * 1_000,
      ffmpegPath: values.ffmpegPath,
      searchPath: place.searchPath,
      conversions: values.mediaConversions,
      retentionDays: values.mediaRetentionDays,
      quotaBytes: values.mediaQuota,
      linkHours: values.mediaLinkHours,
      ...toS3(values),
    } satisfies MediaConfig),
    webhooks: sealed({
      urls: values.webhookUrls,
      ...(values.webhookSecret === undefined ? {} : { secret: values.webhookSecret }),
      insecureSkipVerify: values.webhookInsecureSkipVerify,
      events: values.webhookEvents,
      ignoreJids: values.webhookIgnoreJids,
      includeOutgoing: values.webhookIncludeOutgoing,
      headers: Object.freeze(values.webhookHeaders),
      format: values.webhookFormat,
      whenGone: values.webhookWhenGone,
      giveUpAfterMs: values.webhookRetryHours * 3_600_000,
      longestDelayMs: values.webhookRetryLongestSeconds * 1000,
      timeoutMs: values.webhookTimeoutSeconds * 1000,
    }),
    retention: Object.freeze({
      eventDays: values.keepEventsDays,
      deliveryDays: values.keepDeliveriesDays,
      messageDays: values.keepMessagesDays,
      auditDays: values.keepAuditDays,
    }),
    isMcpOn: values.mcpEnabled,
    metrics: Object.freeze({ isPublic: values.metricsPublic, namesDevices: values.metricsDevices }),
    tracing: sealedOrNull(toTracing(values)),
    log: Object.freeze({
      level: values.debug && values.logLevel !== 'trace' ? 'debug' : values.logLevel,
      format: values.logFormat,
    }),
    client: sealed({
      gatewayUrl: values.gatewayUrl ?? gatewayUrl(values),
      isNamed: values.gatewayUrl !== undefined,
      credential: values.basicAuth[0] ?? null,
      backupPassphrase: values.backupPassphrase ?? null,
    }),
  })
}

function toS3(values: SettingValues): { readonly s3?: S3Config } {
  const { s3Endpoint: endpoint, s3Bucket: bucket, s3AccessKey: accessKey, s3SecretKey: secretKey } = values
  if (endpoint === undefined || bucket === undefined || accessKey === undefined || secretKey === undefined)
    return {}
  const s3 = {
    endpoint,
    bucket,
    prefix: values.s3Prefix ?? '',
    region: values.s3Region,
    accessKey,
    secretKey,
  }
  return { s3: sealed(s3) }
}

function gatewayUrl({ host, port, basePath }: SettingValues): string {
  const wildcards: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }
  const reachable = wildcards[host] ?? (host.includes(':') ? `[${host}]` : host)
  return `http://${reachable}:${port}${basePath}`
}

function sealedOrNull<Part extends object>(part: Part | null): Readonly<Part> | null {
  return part === null ? null : sealed(part)
}

/** Freezes a part and keeps what is in it out of logs and of anything that prints objects. */
function sealed<Part extends object>(part: Part): Readonly<Part> {
  const hidden = () => '[configuration]'
  for (const value of Object.values(part)) if (Array.isArray(value)) Object.freeze(value)
  Object.defineProperty(part, Symbol.for('nodejs.util.inspect.custom'), { value: hidden })
  Object.defineProperty(part, 'toJSON', { value: hidden })
  return Object.freeze(part)
}
