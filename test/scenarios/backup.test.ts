import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runBackup, runRestore } from '../../src/cli/backup.ts'
import { RecordingTerminal } from '../../src/cli/recording-terminal.ts'
import { type Logger, silentLogger } from '../../src/core/logger.ts'
import type { Dialect } from '../../src/db/migration.ts'
import { openSnapshot } from '../../src/db/snapshot.ts'
import { createTestDatabase, testDialects } from '../../src/db/test-database.ts'
import { eventually, type Gateway, type TestWorld } from '../harness.ts'
import { messageIdOf, resultsOf, scenario } from '../scenario.ts'
import { dumpOf, type StoredSecret, secretsIn, secretsWithin } from '../stored-keys.ts'

const passphrase = 'a passphrase of the tests'

function newFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'gatewa-backup-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** An empty place of a dialect to restore into, as settings. */
async function emptyPlace(dialect: Dialect): Promise<Record<string, string>> {
  const dir = newFolder()
  if (dialect === 'sqlite') return { APP_DATA_DIR: dir, DB_URI: `file:${join(dir, 'gatewa.db')}` }
  const { uri, drop } = await createTestDatabase('postgres')
  onTestFinished(drop)
  return { APP_DATA_DIR: dir, DB_URI: uri }
}

/** The settings of a place as flags, which the commands read. */
function flagsOf(settings: Readonly<Record<string, string>>) {
  return {
    dataDir: settings['APP_DATA_DIR'] ?? '',
    databaseUri: settings['DB_URI'] ?? '',
    backupPassphrase: passphrase,
    logLevel: 'error',
  }
}

async function backup(
  world: TestWorld,
  options: Record<string, unknown> = {},
  flags: Record<string, string> = {},
): Promise<string> {
  const to = join(newFolder(), 'gatewa.backup')
  const terminal = new RecordingTerminal()
  await runBackup({ flags: { ...flagsOf(world.settings), ...flags }, options: { to, ...options } }, terminal)
  return to
}

async function restore(
  from: string,
  place: Readonly<Record<string, string>>,
  flags: Record<string, string> = {},
): Promise<void> {
  const options = { from, originalIsStopped: true }
  await runRestore({ flags: { ...flagsOf(place), ...flags }, options }, new RecordingTerminal())
}

/** Every row of every table as text, by table, in an order of its own. */
async function contentOf(place: Readonly<Record<string, string>>): Promise<Map<string, string[]>> {
  const snapshot = await openSnapshot({ uri: place['DB_URI'] ?? '', dataDir: place['APP_DATA_DIR'] ?? '' })
  const content = new Map<string, string[]>()
  for (const { name, columns } of snapshot.tables) {
    const rows: string[] = []
    for await (const some of snapshot.rows(name)) {
      for (const row of some) {
        const named = columns.map((column, index) => [column, row[index] ?? null] as const)
        rows.push(JSON.stringify(named.sort(([a], [b]) => (a < b ? -1 : 1))))
      }
    }
    content.set(name, rows.sort())
  }
  await snapshot.close()
  return content
}

/** A logger that keeps what was warned of. */
function recording(warnings: string[]): Logger {
  const logger: Logger = {
    ...silentLogger,
    warn: (_fields, message) => void warnings.push(message),
    child: () => logger,
  }
  return logger
}

const mediaFiles = (place: Readonly<Record<string, string>>) =>
  readdirSync(join(place['APP_DATA_DIR'] ?? '', 'media', 'store'), { recursive: true })
    .map(String)
    .filter((name) => /[0-9a-f]{64}$/.test(name))
    .sort()

describe('gatewa backup and gatewa restore', () => {
  for (const target of testDialects()) {
    scenario(
      `taken under load and restored to a new place on ${target}: the device is still linked, nothing is lost`,
      async (stage) => {
        const { world, gateway } = stage
        const { ada, bo } = await stage.linkedPair()
        const load = new Load(gateway)
        const sending = load.run(bo.phone)
        const receiving = (async () => {
          // One after another has arrived, so that the load is what the gateway can take.
          for (let number = 0; !load.isOver; number += 1) {
            const { id } = await bo.sendText(ada, `in ${number}`)
            await world.nextEvent('message', ({ payload }) => payload.id === id)
          }
        })()
        await eventually(
          'some load',
          () => (load.sent.length > 5 && world.events('message').length > 5) || undefined,
        )
        const known = {
          sent: [...load.sent],
          received: world.events('message').map(({ payload }) => payload.id),
        }
        const file = await backup(world)
        await eventually('more load', () => load.sent.length > known.sent.length || undefined)
        load.isOver = true
        await Promise.all([sending, receiving])
        const { next } = resultsOf<{ next: string }>(await gateway.call('GET', '/events?limit=1000'))
        await gateway.stop()
        expect(readFileSync(file).includes(ada.phone)).toBe(false)

        const place = await emptyPlace(target)
        await restore(file, place)
        const whileAway = await bo.sendText(ada, 'while nobody was there')
        const warnings: string[] = []
        const copy = await world.startGateway({ settings: place, logger: recording(warnings) })
        await copy.loggedIn('main')
        expect(warnings.filter((text) => text.includes('restored from a backup'))).toHaveLength(1)
        await world.nextEvent('message', ({ payload }) => payload.id === whileAway.id)
        // Who followed the original goes on with the copy, whose log is shorter.
        const since = resultsOf<{ data: { body: { payload: { id?: string } } }[] }>(
          await copy.call('GET', `/events?events=message&after=${next}`),
        )
        expect(since.data.map(({ body }) => body.payload.id)).toContain(whileAway.id)

        const ids = new Set<string | undefined>()
        for (let offset = 0; ; offset += 100) {
          const { json } = await copy.call('GET', `/chat/${bo.jid}/messages?limit=100&offset=${offset}`, {
            device: 'main',
          })
          const { data } = json.results as unknown as { data: { id: string }[] | null }
          for (const { id } of data ?? []) ids.add(id)
          if ((data?.length ?? 0) < 100) break
        }
        expect([...known.sent, ...known.received].filter((id) => !ids.has(id))).toEqual([])

        expect((await copy.sendText('main', bo.phone, 'from the copy')).status).toBe(200)
        await bo.receives('from the copy')
        const answered = await bo.sendText(ada, 'to the copy')
        await world.nextEvent('message', ({ payload }) => payload.id === answered.id)
        await copy.stop()
        const again: string[] = []
        await (await world.startGateway({ settings: place, logger: recording(again) })).stop()
        expect(again.filter((text) => text.includes('restored from a backup'))).toEqual([])
      },
      { timeoutMs: 90_000 },
    )

    scenario(`holds every row and every file, whichever engine it goes to (${target})`, async (stage) => {
      const { world, gateway } = stage
      const { ada, bo } = await stage.linkedPair()
      const sent = await bo.sendMedia(ada, {
        type: 'document',
        bytes: randomBytes(2_500_000),
        mimeType: 'application/octet-stream',
      })
      await world.nextEvent('message', ({ payload }) => payload.id === sent.id)
      await eventually(
        'a file',
        () => (existsSync(mediaDir(world)) && mediaFiles(world.settings).length > 0) || undefined,
      )
      await gateway.sendText('main', bo.phone, 'hello')
      await gateway.stop()
      const file = await backup(world, { withMedia: true })
      const place = await emptyPlace(target)
      await restore(file, place)

      const [before, after] = [await contentOf(world.settings), await contentOf(place)]
      expect([...after.keys()]).toEqual([...before.keys()])
      for (const [table, rows] of before) {
        if (table === 'device_leases' || table === 'credentials')
          expect(after.get(table), table).toHaveLength(rows.length)
        // What a copy sends with is made anew.
        else if (table === 'signal_keys')
          expect(withoutSessions(after.get(table)), table).toEqual(withoutSessions(rows))
        else if (table === 'settings')
          expect(after.get(table)?.filter((row) => !row.includes('restored_from'))).toEqual(rows)
        else expect(after.get(table), table).toEqual(rows)
      }
      expect(before.get('messages')?.length).toBeGreaterThan(1)
      expect(mediaFiles(place)).toEqual(mediaFiles(world.settings))
      for (const name of mediaFiles(place))
        expect(readFileSync(join(place['APP_DATA_DIR'] ?? '', 'media', 'store', name))).toEqual(
          readFileSync(join(mediaDir(world), name)),
        )
      // What is numbered goes on behind the numbers given out before.
      const copy = await world.startGateway({ settings: place })
      await copy.loggedIn('main')
      const last = Math.max(...positions(before))
      await bo.sendText(ada, 'one more')
      await world.nextEvent('message', ({ payload }) => payload.body === 'one more')
      await copy.stop()
      const added = positions(await contentOf(place)).filter((position) => position > last)
      expect(added.length).toBeGreaterThan(0)
    })
  }

  for (const target of testDialects()) {
    scenario(
      `of an encrypted database restores under another key, or under none (${target})`,
      async (stage) => {
        const { world } = stage
        const [key, other] = [randomBytes(32), randomBytes(32)]
        const under = (some: Buffer) => ({ APP_ENCRYPTION_KEY: some.toString('base64') })
        const gateway = await stage.start(under(key))
        const { ada, bo } = await stage.linkedPair()
        await gateway.sendText('main', bo.phone, 'before')
        await bo.receives('before')
        await gateway.stop()
        await expect(backup(world)).rejects.toThrow('set APP_ENCRYPTION_KEY')
        const file = await backup(world, {}, { encryptionKey: key.toString('base64') })
        const secrets = await secretsIn(stage.dialect, world.settings['DB_URI'] ?? '', key)
        expect(secrets.length).toBeGreaterThan(10)
        for (const own of [other, null]) {
          const place = await emptyPlace(target)
          await restore(file, place, own === null ? {} : { encryptionKey: own.toString('hex') })
          const restored = await secretsIn(target, place['DB_URI'] ?? '', own)
          // The link secret is 32 bytes in both; order is the table's.
          expect(namesAndBytes(restored)).toEqual(namesAndBytes(secrets))
          const dump = await dumpOf(place['DB_URI'] ?? '', place['APP_DATA_DIR'] ?? '')
          const open = secretsWithin(dump, secrets)
          if (own === null) expect(open).toContain('identity key')
          else expect(open).toEqual([])
          const copy = await world.startGateway({
            settings: { ...place, ...(own === null ? {} : under(own)) },
          })
          await copy.loggedIn('main')
          const text = own === null ? 'without' : 'with'
          expect((await copy.sendText('main', bo.phone, `${text} a key`)).status).toBe(200)
          await bo.receives(`${text} a key`)
          const { id } = await bo.sendText(ada, `to the copy ${text} a key`)
          await world.nextEvent('message', ({ payload }) => payload.id === id)
          await copy.stop()
        }
      },
      { startsGateway: false, timeoutMs: 90_000 },
    )
  }

  scenario(
    'a copy that is started beside the original takes its devices, and the original says so',
    async (stage) => {
      const { world, gateway } = stage
      const { bo } = await stage.linkedPair()
      const place = await emptyPlace(stage.dialect)
      await restore(await backup(world), place)
      const copy = await world.startGateway({ settings: place })
      await copy.loggedIn('main')
      await gateway.inState('main', 'disconnected')
      // It may try once more after half a minute, and then stays apart: see the reconnect policy.
      const { text } = await gateway.call('GET', '/metrics')
      const figures = text.split('\n').filter((line) => line.startsWith('gatewa_'))
      expect(figures).toContain('gatewa_connection_closes_total{reason="replaced"} 1')
      expect(figures).toContain('gatewa_devices{state="open"} 0')
      expect(figures).toContain('gatewa_devices{state="waiting"} 1')
      expect((await gateway.sendText('main', bo.phone, 'from the original')).status).toBe(401)
      expect((await copy.sendText('main', bo.phone, 'from the copy')).status).toBe(200)
    },
  )

  it('says what is wrong, and leaves nothing behind', async () => {
    const place = await emptyPlace('sqlite')
    const terminal = new RecordingTerminal()
    const dir = newFolder()
    const from = join(dir, 'file')
    const tryRestore = (options: Record<string, unknown>, settings = place, flags = {}) =>
      runRestore(
        { flags: { ...flagsOf(settings), ...flags }, options: { from, originalIsStopped: true, ...options } },
        terminal,
      )
    await expect(tryRestore({})).rejects.toThrow(`there is no ${from}`)
    writeFileSync(from, 'something else')
    await expect(tryRestore({ originalIsStopped: undefined })).rejects.toThrow('--original-is-stopped')
    await expect(tryRestore({})).rejects.toThrow('this is no backup made by gatewa')
    await expect(tryRestore({}, place, { backupPassphrase: '' })).rejects.toThrow(
      'set GATEWA_BACKUP_PASSPHRASE',
    )
    await expect(tryRestore({}, place, { backupPassphrase: 'short' })).rejects.toThrow('12 characters')
    await expect(
      runBackup({ flags: flagsOf(place), options: { to: join(dir, 'new') } }, terminal),
    ).rejects.toThrow('there is no database')
    await expect(runBackup({ flags: flagsOf(place), options: { to: from } }, terminal)).rejects.toThrow(
      'is there already',
    )
    expect(readdirSync(place['APP_DATA_DIR'] ?? '')).toEqual([])
    expect(readdirSync(dir)).toEqual(['file'])
  })

  scenario('refuses a place that is in use, and a backup that is damaged', async (stage) => {
    const { world, gateway } = stage
    await gateway.addSlot('main')
    const file = await backup(world)
    await expect(restore(file, world.settings)).rejects.toThrow(/already|has used/)
    const place = await emptyPlace(stage.dialect)
    truncateSync(file, readFileSync(file).length - 1)
    await expect(restore(file, place)).rejects.toThrow('damaged')
    expect(readdirSync(place['APP_DATA_DIR'] ?? '').filter((name) => name.includes('.db'))).toEqual([])
    await restore(await backup(world), place)
    expect((await contentOf(place)).get('devices')).toHaveLength(1)
  })
})

const namesAndBytes = (secrets: readonly StoredSecret[]) =>
  secrets.map(({ name, bytes }) => `${name} ${bytes.toString('hex')}`).sort()

function mediaDir(world: TestWorld): string {
  return join(world.settings['APP_DATA_DIR'] ?? '', 'media', 'store')
}

const withoutSessions = (rows: readonly string[] = []) =>
  rows
    .map((row) => (row.includes('["type","session"]') ? row.replace(/\["body",\{.*?\}\],/, '') : row))
    .sort()

function positions(content: Map<string, string[]>): number[] {
  return (content.get('events') ?? []).map((row) => Number(/\["position",(\d+)\]/.exec(row)?.[1]))
}

/** Sends one text after another until told to end. */
class Load {
  readonly sent: string[] = []
  isOver = false
  readonly #gateway: Gateway

  constructor(gateway: Gateway) {
    this.#gateway = gateway
  }

  async run(phone: string): Promise<void> {
    for (let number = 0; !this.isOver; number += 1)
      this.sent.push(messageIdOf(await this.#gateway.sendText('main', phone, `out ${number}`)))
  }
}
