import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Group, Person } from '@gatewa/simulator'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { storedEncryption } from '../../src/cli/stored-settings.ts'
import { encryptedColumns, placeOf } from '../../src/db/encryption/encrypted-columns.ts'
import { KeyRing } from '../../src/db/encryption/key-ring.ts'
import { EncryptedRows } from '../../src/db/encryption/row-cipher.ts'
import type { Dialect } from '../../src/db/migration.ts'
import { testDialects } from '../../src/db/test-database.ts'
import { ChildGateway } from '../child-gateway.ts'
import { changeDatabase } from '../database-view.ts'
import { freePort } from '../free-port.ts'
import { eventually, Gateway, TestWorld } from '../harness.ts'
import { PostgresServer } from '../postgres-server.ts'
import { dumpOf, type StoredSecret, secretsIn, secretsInFiles, secretsWithin } from '../stored-keys.ts'

const [first, second] = [randomBytes(32), randomBytes(32)]
const under = (key: Buffer, ...old: Buffer[]) => ({
  APP_ENCRYPTION_KEY: key.toString('base64'),
  ...(old.length === 0 ? {} : { APP_ENCRYPTION_OLD_KEYS: old.map((each) => each.toString('hex')).join(',') }),
})
const endpointSecret = 'the secret of an endpoint'
const token = 'Bearer a-token-that-the-receiver-asks-for'

/** Everything of one device's story; the gateway is a process that can be killed. */
class Story {
  readonly world: TestWorld
  readonly ada: Person
  readonly bo: Person
  readonly group: Group
  readonly uri: string
  readonly dialect: Dialect
  readonly #filesOf: readonly string[]
  #port = 0
  #child: ChildGateway | null = null
  #count = 0

  private constructor(world: TestWorld, dialect: Dialect, filesOf: readonly string[]) {
    this.world = world
    this.dialect = dialect
    this.#filesOf = filesOf
    this.uri = world.settings['DB_URI'] ?? ''
    const [ada, bo] = ['Ada', 'Bo'].map((name) => world.simulator.addPerson({ name }))
    if (ada === undefined || bo === undefined) throw new Error('nobody is there')
    this.ada = ada
    this.bo = bo
    this.group = world.simulator.addGroup({ subject: 'Both', owner: bo, members: [ada, bo] })
  }

  /** On PostgreSQL with a server of its own, so that all of the server's files are this story's. */
  static async begin(dialect: Dialect): Promise<Story> {
    const dataDir = await mkdtemp(join(tmpdir(), 'gatewa-encrypted-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    if (dialect === 'sqlite') {
      const settings = { APP_DATA_DIR: dataDir, DB_URI: `file:${join(dataDir, 'gatewa.db')}` }
      const world = await TestWorld.open(dialect, { settings })
      return Story.#of(new Story(world, dialect, [dataDir]))
    }
    const server = await PostgresServer.start({ keepsCommits: true })
    onTestFinished(() => server.stop())
    const database = { uri: await server.createDatabase('gatewa'), drop: async () => undefined }
    const world = await TestWorld.open(dialect, { database, settings: { APP_DATA_DIR: dataDir } })
    const folder = await settingOf(database.uri, 'data_directory')
    return Story.#of(new Story(world, dialect, [dataDir, join(folder, 'base'), join(folder, 'pg_wal')]))
  }

  static #of(story: Story): Story {
    onTestFinished(async () => {
      await story.end('SIGKILL')
      await story.world.close()
    })
    return story
  }

  get gateway(): Gateway {
    return new Gateway({ address: `http://127.0.0.1:${this.#port}`, stop: async () => undefined })
  }

  async start(settings: Readonly<Record<string, string>>): Promise<void> {
    this.#port = await freePort()
    this.#child = new ChildGateway({
      ...this.world.settings,
      APP_PORT: String(this.#port),
      APP_LOG_LEVEL: 'warn',
      ...settings,
    })
    await this.#child.start()
  }

  /** Starts it and kills it so many milliseconds later, whatever it is at. */
  async startAndKill(settings: Readonly<Record<string, string>>, afterMs: number): Promise<void> {
    const starting = this.start(settings).catch((error: unknown) => error)
    await pause(afterMs)
    await this.end('SIGKILL')
    await starting
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await this.#child?.end(signal)
  }

  /** Messages both ways, to a person and in a group, each seen to arrive. */
  async traffic(): Promise<void> {
    const { gateway, world, ada, bo, group } = this
    await gateway.loggedIn('main')
    this.#count += 1
    for (const [to, name] of [
      [bo.phone, 'person'],
      [group.jid, 'group'],
    ] as const) {
      const text = `to the ${name} ${this.#count}`
      const sent = await gateway.sendText('main', to, text)
      expect(sent.status, sent.text).toBe(200)
      await bo.receives(text)
    }
    for (const [to, name] of [
      [ada, 'device'],
      [group, 'group'],
    ] as const) {
      const { id } = await bo.sendText(to, `from the ${name} ${this.#count}`)
      await world.nextEvent('message', ({ payload }) => payload.id === id)
    }
    expect(bo.retriesAsked).toBe(0)
  }

  async link(): Promise<void> {
    await this.gateway.link(this.ada, 'main')
    const body = {
      url: 'https://receiver.example/hook',
      secret: endpointSecret,
      headers: { authorization: token },
    }
    const made = await this.gateway.call('POST', '/devices/main/webhooks', { body })
    expect(made.status, made.text).toBeLessThan(300)
    await this.traffic()
  }

  secrets(key: Buffer | null): Promise<StoredSecret[]> {
    return secretsIn(this.dialect, this.uri, key)
  }

  /** The secrets, once there are some of every kind. */
  everyKind(key: Buffer | null): Promise<StoredSecret[]> {
    let names: string[] = []
    return eventually(
      'secrets of every kind',
      async () => {
        const secrets = await this.secrets(key)
        names = [...new Set(secrets.map(({ name }) => name))].sort()
        return kinds.every((kind) => names.includes(kind)) ? secrets : undefined
      },
      () => names,
    )
  }

  /** Which secrets can be found in the files of the gateway and its database, and in a dump. */
  async look(secrets: readonly StoredSecret[]): Promise<Record<string, string[]>> {
    if (this.dialect === 'postgres') await changeDatabase('postgres', this.uri, 'checkpoint')
    const all = [...secrets, { name: 'webhook header', bytes: Buffer.from(token) }]
    const dump = secretsWithin(await dumpOf(this.uri, this.world.settings['APP_DATA_DIR'] ?? ''), all)
    return {
      ...Object.fromEntries(this.#filesOf.flatMap((dir) => Object.entries(secretsInFiles(dir, all)))),
      ...(dump.length === 0 ? {} : { dump }),
    }
  }
}

async function settingOf(uri: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: uri })
  await client.connect()
  const { rows } = await client.query<Record<string, string>>(`show ${name}`)
  await client.end()
  return rows[0]?.[name] ?? ''
}

const kinds = [
  'adv secret',
  'app state key',
  'identity key',
  'link secret',
  "member's sender key",
  'noise key',
  'own sender key',
  'own sender signing key',
  'pairing key',
  'prekey',
  'session ratchet key',
  'session receiving chain',
  'session root key',
  'session sending chain',
  'signed prekey',
  'webhook secret',
]

describe.each(testDialects())('keys at rest (%s)', (dialect) => {
  it('are found nowhere in the files and in a dump, before and after another key and a kill', {
    timeout: 120_000,
  }, async () => {
    const story = await Story.begin(dialect)
    await story.start(under(first))
    await story.link()
    const secrets = await story.secrets(first)
    expect([...new Set(secrets.map(({ name }) => name))].sort()).toEqual(kinds)
    // While it runs: what is in the log of writes counts as well.
    expect(await story.look(secrets)).toEqual({})

    await story.end('SIGTERM')
    await story.start(under(second, first))
    await story.traffic()
    await story.end('SIGKILL')
    await story.start(under(second))
    await story.traffic()
    expect(await story.look([...secrets, ...(await story.secrets(second))])).toEqual({})
  })

  it('are found everywhere without a key, and no longer once there is one', {
    timeout: 120_000,
  }, async () => {
    const story = await Story.begin(dialect)
    await story.start({})
    await story.link()
    const secrets = await story.everyKind(null)
    const found = await story.look(secrets)
    expect(found['dump']).toEqual([...kinds, 'webhook header'].sort())
    const inFiles = new Set(Object.entries(found).flatMap(([name, names]) => (name === 'dump' ? [] : names)))
    expect([...inFiles].sort()).toEqual([...kinds, 'webhook header'].sort())

    await story.end('SIGTERM')
    await story.start(under(first))
    await story.traffic()
    const after = await story.look([...secrets, ...(await story.secrets(first))])
    // PostgreSQL's log holds what was, until it has gone round: docs/deploy.md.
    expect(Object.keys(after).filter((name) => !/^[0-9A-F]{24}$/.test(name))).toEqual([])
  })

  it('go over to another key whenever the process is killed, and the device stays linked', {
    timeout: 180_000,
  }, async () => {
    const story = await Story.begin(dialect)
    await story.start(under(first))
    await story.link()
    await story.end('SIGTERM')
    await addKeys(dialect, story.uri, first, 10_000)
    let [from, to] = [first, second]
    let interrupted = 0
    let afterMs = 700
    for (let kill = 0; kill < 60 && interrupted < 3; kill += 1) {
      await story.startAndKill(under(to, from), afterMs)
      const state = await storedEncryption(story.uri)
      const isWith = state?.keys[0] === KeyRing.of([to])?.presentId
      if (isWith && state?.isComplete === false) interrupted += 1
      // Too early the next time a little later, too late a little earlier, and back to the key before.
      else if (!isWith) afterMs += 60
      else {
        afterMs -= 60
        ;[from, to] = [to, from]
      }
    }
    expect(interrupted).toBeGreaterThanOrEqual(3)
    await story.start(under(to, from))
    await story.traffic()
    expect(await storedEncryption(story.uri)).toMatchObject({ isComplete: true })
    await story.end('SIGTERM')
    await story.start(under(to))
    await story.traffic()
  })

  it('are not touched by a start without their key, or with another, and the process says why', {
    timeout: 60_000,
  }, async () => {
    const story = await Story.begin(dialect)
    await story.start(under(first))
    await story.link()
    await story.end('SIGTERM')
    await expect(story.start({})).rejects.toThrow(/and none is set; set APP_ENCRYPTION_KEY/)
    await expect(story.start(under(second))).rejects.toThrow(/APP_ENCRYPTION_OLD_KEYS/)
    await expect(story.start({ APP_ENCRYPTION_KEY: 'short' })).rejects.toThrow(/32 random bytes/)
    await story.start(under(first))
    await story.traffic()
  })
})

/** Puts so many rows beside a device's own, so that going over to another key takes its time. */
async function addKeys(dialect: Dialect, uri: string, key: Buffer, count: number): Promise<void> {
  const ring = KeyRing.of([key])
  if (ring === null) throw new Error('no key')
  const cipher = new EncryptedRows(ring)
  const bytes = (value: Buffer) =>
    dialect === 'sqlite' ? `x'${value.toString('hex')}'` : `'\\x${value.toString('hex')}'`
  const rows = Array.from({ length: count }, (_, number) => {
    const place = placeOf(encryptedColumns.signalKeys, ['main', 'tctoken', `${number}`])
    return `('main', 'tctoken', '${number}', ${bytes(cipher.encrypt(place, randomBytes(64)))}, 0, 0)`
  })
  for (let from = 0; from < rows.length; from += 1000) {
    const values = rows.slice(from, from + 1000).join(', ')
    await changeDatabase(
      dialect,
      uri,
      `insert into signal_keys (device_id, type, id, body, epoch, updated_at) values ${values}`,
    )
  }
}
