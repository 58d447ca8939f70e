import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Config } from './config.ts'
import { type ConfigSources, loadConfig } from './load-config.ts'

const installation = { root: '/opt/gatewa', version: '1.2.3' }

function load(sources: ConfigSources = {}) {
  return loadConfig({ environment: {}, dotenvFolders: [], installation, ...sources })
}

function good(sources: ConfigSources = {}): Config {
  const loaded = load(sources)
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
  return loaded.config
}

function problems(environment: Record<string, string>): readonly string[] {
  const loaded = load({ environment })
  return loaded.ok ? [] : loaded.problems
}

function warnings(environment: Record<string, string>): readonly string[] {
  const loaded = load({ environment })
  return loaded.ok ? loaded.warnings : ['refused']
}

function folderWithDotenv(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatewa-config-'))
  writeFileSync(join(folder, '.env'), text)
  return folder
}

describe('encryption keys', () => {
  const bytes = [Buffer.alloc(32, 7), Buffer.alloc(32, 251)]
  const [first, second] = bytes.map((key) => key.toString('base64'))
  const read = (environment: Record<string, string>) => good({ environment }).database.encryptionKeys

  it('are taken as base64 in either alphabet or as hex, the present one first', () => {
    expect(read({})).toEqual([])
    expect(read({ APP_ENCRYPTION_KEY: first ?? '' })).toEqual([bytes[0]])
    expect(read({ APP_ENCRYPTION_KEY: bytes[1]?.toString('base64url') ?? '' })).toEqual([bytes[1]])
    const old = `${second}, ${bytes[0]?.toString('hex')}`
    expect(read({ APP_ENCRYPTION_KEY: first ?? '', APP_ENCRYPTION_OLD_KEYS: old })).toEqual(bytes)
  })

  it('are taken from a file, older ones from its further lines', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'gatewa-config-')), 'key')
    writeFileSync(path, `${second}\n\n${first}\n`)
    expect(read({ APP_ENCRYPTION_KEY_FILE: path })).toEqual([bytes[1], bytes[0]])
    writeFileSync(path, 'not a key')
    expect(problems({ APP_ENCRYPTION_KEY_FILE: path }).join()).toMatch(/names .*: write 32 random bytes/)
    expect(problems({ APP_ENCRYPTION_KEY_FILE: `${path}2` }).join()).toContain('cannot be read (ENOENT')
    expect(problems({ APP_ENCRYPTION_KEY_FILE: path, APP_ENCRYPTION_KEY: first ?? '' }).join()).toContain(
      'not both',
    )
  })

  it('are refused when they are no 32 bytes, without being told', () => {
    for (const key of [
      'secret',
      'a'.repeat(63),
      'a'.repeat(44),
      bytes[0]?.subarray(1).toString('base64') ?? '',
    ]) {
      const told = problems({ APP_ENCRYPTION_KEY: key })
      expect(told.join(), key).toMatch(/^APP_ENCRYPTION_KEY .*write 32 random bytes as base64/)
      expect(told.join()).not.toContain(key)
    }
    expect(problems({ APP_ENCRYPTION_OLD_KEYS: first ?? '' }).join()).toContain('needs APP_ENCRYPTION_KEY')
    expect(problems({ APP_ENCRYPTION_KEY: `${first},${second}` }).join()).toContain('write one key')
  })
})

describe('where values come from', () => {
  it('has a default for everything, listening on loopback and keeping data in the installation', () => {
    const config = good()
    expect(config.http.host).toBe('127.0.0.1')
    expect(config.http.port).toBe(3000)
    expect(config.dataDir).toBe('/opt/gatewa/data')
    expect(config.database.uri).toBe('file:/opt/gatewa/data/gatewa.db')
    expect(config.whatsapp.websocketUrl).toBe('wss://web.whatsapp.com/ws/chat')
    expect(config.version).toBe('1.2.3')
    expect('proxy' in config.whatsapp).toBe(false)
    expect('secret' in config.webhooks).toBe(false)
  })

  it('lets the flag win over the environment, the environment over .env, and .env over the default', () => {
    const dotenvFolders = [folderWithDotenv('APP_PORT=1\nAPP_BASE_PATH=/dotenv\nAPP_OS="From file"\n')]
    const environment = { APP_PORT: '2', APP_BASE_PATH: '/environment' }
    const config = good({ dotenvFolders, environment, flags: { port: '3' } })
    expect(config.http.port).toBe(3)
    expect(config.http.basePath).toBe('/environment')
    expect(config.whatsapp.deviceName).toBe('From file')
    expect(config.log.level).toBe('info')
  })

  it('reads the first .env it finds and no other', () => {
    const dotenvFolders = [folderWithDotenv('APP_PORT=1'), folderWithDotenv('APP_PORT=2\nAPP_OS=second')]
    const config = good({ dotenvFolders })
    expect(config.http.port).toBe(1)
    expect(config.whatsapp.deviceName).toBe('Gatewa')
  })

  it('takes an empty variable for none and an empty flag as a way back to the default', () => {
    expect(good({ environment: { APP_PORT: '' } }).http.port).toBe(3000)
    const environment = { WHATSAPP_WEBHOOK: 'http://a.example/' }
    expect(good({ environment, flags: { webhookUrls: '' } }).webhooks.urls).toEqual([])
  })

  it('takes lists with commas and by repetition', () => {
    const urls = ['http://a.example/hook', 'https://b.example/hook']
    expect(good({ environment: { WHATSAPP_WEBHOOK: ` ${urls.join(' , ')},` } }).webhooks.urls).toEqual(urls)
    expect(good({ flags: { webhookUrls: urls } }).webhooks.urls).toEqual(urls)
  })

  it('reads what the endpoints of WHATSAPP_WEBHOOK share', () => {
    const { headers, format, whenGone } = good({
      environment: {
        WHATSAPP_WEBHOOK_HEADERS: 'Authorization=Bearer t0ken, X-Note=a%2Cb',
        WHATSAPP_WEBHOOK_FORMAT: 'cloudevents',
        WHATSAPP_WEBHOOK_WHEN_GONE: 'drop',
      },
    }).webhooks
    expect(headers).toEqual({ Authorization: 'Bearer t0ken', 'X-Note': 'a,b' })
    expect([format, whenGone]).toEqual(['cloudevents', 'drop'])
    expect(good().webhooks).toMatchObject({ headers: {}, format: 'plain', whenGone: 'retry' })
    const ignored = '62812*@s.whatsapp.net,*@g.us,@lid,1@*'
    expect(good({ environment: { WHATSAPP_WEBHOOK_IGNORE_JIDS: ignored } }).webhooks.ignoreJids).toHaveLength(
      4,
    )
  })

  it.each([
    ['no pair', 'hunter2'],
    ['one that the gateway sets', 'Content-Type=hunter2'],
    ['one of the signature', 'webhook-id=hunter2'],
    ['what is no name', 'X A=hunter2'],
    ['what is no value', 'X-A=hunter2%0d%0aX-B: 1'],
    ['a broken encoding', 'X-A=hunter2%'],
    ['a long value', `X-A=hunter2${'x'.repeat(2000)}`],
    ['too many', Array.from({ length: 21 }, (_, index) => `X-${index}=hunter2`).join(',')],
  ])('refuses webhook headers with %s without telling them', (_what, text) => {
    const told = problems({ WHATSAPP_WEBHOOK_HEADERS: text }).join()
    expect(told).toContain('WHATSAPP_WEBHOOK_HEADERS')
    expect(told).not.toContain('hunter2')
  })

  it.each([
    ['90s', 90_000],
    ['24h0m0s', 86_400_000],
    ['1.5h', 5_400_000],
    ['0.5m250ms', 30_250],
  ])('reads the length of time %s as Go does', (text, ms) => {
    expect(good({ environment: { WHATSAPP_PRESENCE_PULSE_INTERVAL: text } }).whatsapp.presencePulseMs).toBe(
      ms,
    )
  })

  it.each(['1', '1.h', '.', '5 m', '1h-1m'])('refuses the length of time %s', (text) => {
    expect(problems({ WHATSAPP_PRESENCE_PULSE_INTERVAL: text }).join()).toContain('write a time such as 30s')
  })

  it.each([
    ['1', true],
    ['t', true],
    ['True', true],
    ['0', false],
    ['F', false],
    ['FALSE', false],
  ])('reads the boolean %s as Go does', (text, value) => {
    expect(good({ environment: { WHATSAPP_WEBHOOK_INCLUDE_OUTGOING: text } }).webhooks.includeOutgoing).toBe(
      value,
    )
  })

  it('makes paths absolute without asking for the working directory', () => {
    expect(good({ environment: { APP_DATA_DIR: 'store' } }).dataDir).toBe('/opt/gatewa/store')
    expect(good({ environment: { APP_DATA_DIR: '/var/lib/gatewa' } }).database.uri).toBe(
      'file:/var/lib/gatewa/gatewa.db',
    )
    expect(good({ environment: { DB_URI: 'file:storages/whatsapp.db?_foreign_keys=on' } }).database.uri).toBe(
      'file:/opt/gatewa/data/storages/whatsapp.db',
    )
    expect(good({ environment: { DB_URI: 'file:///srv/x.db' } }).database.uri).toBe('file:/srv/x.db')
    expect(good({ environment: { DB_URI: '"file:/srv/x.db?_foreign_keys=on"' } }).database.uri).toBe(
      'file:/srv/x.db',
    )
    expect(good({ environment: { DB_URI: 'postgresql://u:p@h/d' } }).database.uri).toBe(
      'postgresql://u:p@h/d',
    )
  })

  it('understands what the WhatsApp settings say', () => {
    const config = good({
      environment: {
        WHATSAPP_WEB_VERSION: '2.3000.1043857760',
        WHATSAPP_NOISE_ROOT_KEY: 'AB'.repeat(32),
        WHATSAPP_MEDIA_HOST: 'localhost:9443',
        WHATSAPP_PROXY: 'socks5://me:word@proxy.example:1080',
      },
    })
    expect(config.whatsapp.webVersion).toEqual([2, 3000, 1_043_857_760])
    expect(config.whatsapp.noiseRootKey).toBe('ab'.repeat(32))
    expect(config.whatsapp.mediaHost).toBe('localhost:9443')
    expect(config.whatsapp.proxy).toBe('socks5://me:word@proxy.example:1080')
  })

  it('raises the log level with APP_DEBUG, but never lowers it', () => {
    expect(good({ environment: { APP_DEBUG: 'true' } }).log.level).toBe('debug')
    expect(good({ environment: { APP_DEBUG: 'true', APP_LOG_LEVEL: 'trace' } }).log.level).toBe('trace')
  })
})

describe('what is refused', () => {
  it('reports every mistake at once, naming variable, flag and remedy', () => {
    const found = problems({
      APP_PORT: 'eighty',
      APP_BASE_PATH: 'gatewa',
      WHATSAPP_WEBHOOK: 'ftp://x',
      DB_URI: 'mysql://x',
      APP_DEBUG: 'yes',
      WHATSAPP_NOISE_ROOT_KEY: 'abc',
      WHATSAPP_WEB_VERSION: '2.3000',
      APP_TRUSTED_PROXIES: '10.0.0.0/99',
      APP_LOG_LEVEL: 'loud',
      APP_HOST: '0.0.0.0',
    })
    expect(found).toHaveLength(10)
    expect(found).toContain('APP_PORT (--port) is "eighty": write a whole number from 0 to 65535')
    expect(
      found.some((problem) => problem.startsWith('APP_BASE_PATH (--base-path) is "gatewa": write a path')),
    ).toBe(true)
  })

  it.each(['user', 'a:b:c', ':secret', 'user:', 'good:one,bad'])(
    'answers credentials written as %s with the sentence of the reference, and does not repeat them',
    (text) => {
      const found = problems({ APP_BASIC_AUTH: text })
      expect(found).toEqual([
        'APP_BASIC_AUTH (--basic-auth): Basic auth is not valid, please this following format <user>:<secret>',
      ])
    },
  )

  it.each(['0.0.0.0', '192.168.1.5', '::', 'gateway.example', '::ffff:10.0.0.1'])(
    'refuses to listen on %s without credentials, and says what to set',
    (host) => {
      expect(problems({ APP_HOST: host })).toEqual([
        expect.stringContaining('set APP_BASIC_AUTH=<user>:<secret>'),
      ])
      expect(problems({ APP_HOST: host, APP_BASIC_AUTH: 'a:b' })).toEqual([])
      expect(problems({ APP_HOST: host, APP_ALLOW_NO_AUTH: 'true' })).toEqual([])
    },
  )

  it.each(['127.0.0.1', '127.8.9.1', 'localhost', '::1', '::ffff:127.0.0.1'])(
    'takes %s as loopback',
    (host) => {
      expect(problems({ APP_HOST: host })).toEqual([])
    },
  )

  it('never repeats a secret in a problem', () => {
    const secretive = problems({
      DB_URI: 'mysql://root:hunter2@db',
      WHATSAPP_PROXY: 'ftp://me:hunter2@proxy',
    })
    expect(secretive).toHaveLength(2)
    expect(secretive.join()).not.toContain('hunter2')
  })
})

describe('what is worth a warning', () => {
  it('tells of a kind of event that there is not, since nothing would ever be delivered for it', () => {
    expect(warnings({ WHATSAPP_WEBHOOK_EVENTS: 'message,mesage.ack' })).toEqual([
      expect.stringContaining('mesage.ack'),
    ])
    expect(warnings({ WHATSAPP_WEBHOOK_EVENTS: 'MESSAGE,group.*,*' })).toEqual([])
  })

  it('says once for each setting of the reference that it is not offered', () => {
    const found = warnings({
      CHATWOOT_ENABLED: 'true',
      CHATWOOT_URL: 'x',
      DB_KEYS_URI: 'y',
      APP_UI_REPO: 'z',
    })
    expect(found).toHaveLength(3)
    expect(found[0]).toContain('CHATWOOT_*')
  })

  it('does not warn of settings of the reference that ask for nothing', () => {
    expect(warnings({ DB_KEYS_URI: '', CHATWOOT_URL: '' })).toEqual([])
  })
})

describe('the configuration itself', () => {
  it('cannot be changed', () => {
    const config = good({ environment: { WHATSAPP_WEBHOOK: 'http://a.example/' } })
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.http)).toBe(true)
    expect(Object.isFrozen(config.webhooks.urls)).toBe(true)
  })

  it('shows no value when it is printed or written as JSON, whole or in parts', () => {
    const config = good({ environment: { APP_BASIC_AUTH: 'me:hunter2', WHATSAPP_WEBHOOK_SECRET: 'hunter2' } })
    for (const part of [config, config.http, config.webhooks, { nested: config.client }]) {
      expect(inspect(part, { depth: 9 })).not.toContain('hunter2')
      expect(JSON.stringify(part)).not.toContain('hunter2')
    }
  })

  it('tells commands where the gateway is', () => {
    const environment = {
      APP_HOST: '0.0.0.0',
      APP_PORT: '8080',
      APP_BASE_PATH: '/wa/',
      APP_BASIC_AUTH: 'a:b,c:d',
    }
    expect(good({ environment }).client.gatewayUrl).toBe('http://127.0.0.1:8080/wa')
    expect(good({ environment }).client.credential).toEqual({ user: 'a', password: 'b' })
    const remote = { GATEWA_URL: 'https://wa.example/gatewa/' }
    expect(good({ environment: remote }).client).toMatchObject({
      gatewayUrl: 'https://wa.example/gatewa',
      isNamed: true,
    })
  })
})

describe('tracing', () => {
  const named = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }

  it('is off until a setting asks for it, and where one forbids it', () => {
    expect(
      good({ environment: { OTEL_SERVICE_NAME: 'a', OTEL_TRACES_SAMPLER: 'always_on' } }).tracing,
    ).toBeNull()
    expect(good({ environment: { ...named, OTEL_SDK_DISABLED: 'true' } }).tracing).toBeNull()
    expect(good({ environment: { ...named, OTEL_TRACES_EXPORTER: 'none' } }).tracing).toBeNull()
  })

  it('takes the standard variables and their defaults', () => {
    expect({ ...good({ environment: { OTEL_TRACES_EXPORTER: 'otlp' } }).tracing }).toEqual({
      resource: {},
      url: 'http://localhost:4318/v1/traces',
      protocol: 'http/protobuf',
      headers: {},
      timeoutMs: 10_000,
      sampler: { name: 'parentbased_always_on', ratio: 1 },
      batch: { delayMs: 5000, queueSize: 2048, exportSize: 512, exportTimeoutMs: 30_000 },
    })
    const environment = {
      ...named,
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=two%20words',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'a=3',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '500',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=x, where=Jakarta',
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    }
    expect({ ...good({ environment }).tracing }).toMatchObject({
      url: 'http://collector:4318/v1/traces',
      protocol: 'http/json',
      headers: { a: '3', b: 'two words' },
      timeoutMs: 500,
      resource: { 'service.name': 'x', where: 'Jakarta' },
      sampler: { name: 'traceidratio', ratio: 0.25 },
    })
    const whole = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://spans.example/here' }
    expect(good({ environment: { ...named, ...whole } }).tracing?.url).toBe('https://spans.example/here')
  })

  it('says what it cannot do, and never a header', () => {
    expect(problems({ ...named, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual([
      expect.stringContaining('OTEL_EXPORTER_OTLP_PROTOCOL is "grpc", which is not spoken here') as string,
    ])
    expect(problems({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual([])
    expect(problems({ OTEL_TRACES_EXPORTER: 'zipkin' })).toHaveLength(1)
    expect(problems({ OTEL_TRACES_SAMPLER_ARG: '1.5' })).toHaveLength(1)
    const [problem = ''] = problems({ OTEL_EXPORTER_OTLP_HEADERS: 'a=%zz, my secret' })
    expect(problem).toContain('name=value')
    expect(problem).not.toContain('secret')
    const config = good({ environment: { ...named, OTEL_EXPORTER_OTLP_HEADERS: 'key=hidden' } })
    expect(inspect(config) + JSON.stringify(config)).not.toContain('hidden')
  })
})
