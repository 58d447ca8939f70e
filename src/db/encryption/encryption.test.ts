import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { changeDatabase } from '../../../test/database-view.ts'
import { type Logger, silentLogger } from '../../core/logger.ts'
import type { Dialect } from '../migration.ts'
import { migrations } from '../migrations.ts'
import { type OpenDatabase, type OpenDatabaseOptions, openDatabase } from '../open-database.ts'
import { createTestDatabase, testDialects } from '../test-database.ts'
import { encryptedColumns, placeOf } from './encrypted-columns.ts'
import { KeyRing } from './key-ring.ts'
import { EncryptedRows, keyIdOf } from './row-cipher.ts'

const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]

/** A database that is opened one time after another. */
async function aPlace(dialect: Dialect) {
  const dir = mkdtempSync(join(tmpdir(), 'gatewa-encryption-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const path = join(dir, 'gatewa.db')
  let uri = `file:${path}`
  if (dialect === 'postgres') {
    const made = await createTestDatabase(dialect)
    onTestFinished(made.drop)
    uri = made.uri
  }
  const using = async <T>(
    keys: readonly Buffer[],
    work: (database: OpenDatabase) => Promise<T>,
    more: Partial<OpenDatabaseOptions> & { logger?: Logger } = {},
  ): Promise<T> => {
    const { logger = silentLogger, ...options } = more
    const ring = KeyRing.of(keys)
    const database = await openDatabase(
      { uri, dataDir: dir, version: 'test', keys: ring, ...options },
      logger,
    )
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }
  return { dir, path, uri, using }
}

const texts = { credentials: 'the credentials of a device', secret: 'the secret of an endpoint' }
const keyCount = 450

/** Writes a device with more rows than one step takes. */
async function fill({ inTransaction, cipher }: OpenDatabase): Promise<void> {
  await inTransaction(async (tx) => {
    const device_id = 'main'
    const body = cipher.encrypt(
      placeOf(encryptedColumns.credentials, [device_id]),
      Buffer.from(texts.credentials),
    )
    await tx.insertInto('credentials').values({ device_id, body, epoch: 0, updated_at: 0 }).execute()
    await tx.insertInto('device_leases').values({ device_id, epoch: 7 }).execute()
    for (let number = 0; number < keyCount; number += 1) {
      const [type, id] = ['session', `${number}`]
      const place = placeOf(encryptedColumns.signalKeys, [device_id, type, id])
      const row = { device_id, type, id, epoch: 0, updated_at: 0 }
      await tx
        .insertInto('signal_keys')
        .values({ ...row, body: cipher.encrypt(place, Buffer.from(`session ${number}`)) })
        .execute()
    }
    await tx
      .insertInto('settings')
      .values([
        {
          name: 'webhook_secret',
          value: cipher.encryptText(placeOf(encryptedColumns.settings, ['webhook_secret']), texts.secret),
          updated_at: 0,
        },
        { name: 'something_else', value: 'as it is', updated_at: 0 },
      ])
      .execute()
  })
}

/** What is stored, decrypted by whoever opened the database. */
async function contentOf({ db, cipher }: OpenDatabase) {
  const { body } = await db.selectFrom('credentials').select('body').executeTakeFirstOrThrow()
  const keys = await db.selectFrom('signal_keys').selectAll().orderBy('id').execute()
  const settings = await db.selectFrom('settings').selectAll().where('name', '!=', 'encryption').execute()
  return {
    credentials: cipher.decrypt(placeOf(encryptedColumns.credentials, ['main']), body).toString(),
    keys: keys
      .map((row) =>
        cipher
          .decrypt(placeOf(encryptedColumns.signalKeys, [row.device_id, row.type, row.id]), row.body)
          .toString(),
      )
      .sort(),
    secret: cipher.decryptText(
      placeOf(encryptedColumns.settings, ['webhook_secret']),
      settings.find(({ name }) => name === 'webhook_secret')?.value ?? '',
    ),
    other: settings.find(({ name }) => name === 'something_else')?.value,
  }
}

const expected = {
  ...texts,
  keys: Array.from({ length: keyCount }, (_, number) => `session ${number}`).sort(),
  other: 'as it is',
}

/** The ids of the keys that stored rows are under; `null` for plain ones. */
async function idsOf({ db }: OpenDatabase): Promise<Set<string | null>> {
  const rows = await db.selectFrom('signal_keys').select('body').execute()
  const known = new Set([KeyRing.of([first])?.presentId, KeyRing.of([second])?.presentId])
  return new Set(
    rows.map(({ body }) => keyIdOf(body)).map((id) => (id !== null && known.has(id) ? id : null)),
  )
}

const idOf = (key: Buffer) => KeyRing.of([key])?.presentId

describe.each(testDialects())('encryption at rest (%s)', (dialect) => {
  it('begins with the first start that has a key, and what was plain is encrypted then', async () => {
    const { using } = await aPlace(dialect)
    await using([], fill)
    expect(await using([], idsOf)).toEqual(new Set([null]))
    expect(await using([first], contentOf)).toEqual(expected)
    expect(await using([first], idsOf)).toEqual(new Set([idOf(first)]))
    const epoch = await using([first], ({ db }) =>
      db.selectFrom('device_leases').select('epoch').executeTakeFirstOrThrow(),
    )
    expect(epoch.epoch).toBeGreaterThan(7)
  })

  it('goes over to another key, and then does without the old one', async () => {
    const { using } = await aPlace(dialect)
    await using([first], fill)
    expect(await using([second, first], contentOf)).toEqual(expected)
    expect(await using([second], idsOf)).toEqual(new Set([idOf(second)]))
    expect(await using([second], contentOf)).toEqual(expected)
    await expect(using([first], contentOf)).rejects.toMatchObject({ code: 'database_refused' })
  })

  it('ends when it is told to', async () => {
    const { using } = await aPlace(dialect)
    await using([first], fill)
    await using([first], async () => undefined, { endsEncryption: true })
    expect(await using([], contentOf)).toEqual(expected)
    expect(await using([], idsOf)).toEqual(new Set([null]))
  })

  it.each([
    ['beginning', [], [first], {}],
    ['going over', [first], [second, first], {}],
    ['ending', [first], [first], { endsEncryption: true }],
  ] as const)('goes on after a death while it was %s, and is refused without the keys', async (...story) => {
    const [name, before, after, more] = story
    const { using, uri } = await aPlace(dialect)
    await using(before, fill)
    const [breaks, mends] = breaking[dialect]
    await changeDatabase(dialect, uri, breaks)
    await expect(using(after, contentOf, more)).rejects.toThrow(/broken/)
    await expect(using([], contentOf)).rejects.toMatchObject({ code: 'database_refused' })
    if (name === 'going over')
      await expect(using([second], contentOf)).rejects.toMatchObject({ code: 'database_refused' })
    await changeDatabase(dialect, uri, mends)
    expect(await using(after, contentOf)).toEqual(expected)
    expect(await using([after[0]], idsOf)).toEqual(new Set([idOf(after[0])]))
    await using([after[0]], async () => undefined, { endsEncryption: true })
    expect(await using([], contentOf)).toEqual(expected)
  })

  it('refuses a start without the key or with another one, says what to do, and writes nothing', async () => {
    const { using, path } = await aPlace(dialect)
    await using([first], fill)
    const lastly = () =>
      dialect === 'sqlite' ? readFileSync(path).toString('base64') : using([first], idsOf)
    const before = await lastly()
    await expect(using([], contentOf)).rejects.toThrow(
      new RegExp(`encrypted with the key ${idOf(first)}, and none is set; set APP_ENCRYPTION_KEY`),
    )
    await expect(using([second], contentOf)).rejects.toThrow(
      new RegExp(`key ${idOf(first)}, which is not set .*APP_ENCRYPTION_OLD_KEYS`),
    )
    await expect(using([], contentOf, { endsEncryption: true })).rejects.toThrow('set APP_ENCRYPTION_KEY')
    const later = { name: '9999-later', up: async () => undefined }
    await expect(using([], contentOf, { migrations: [...migrations, later] })).rejects.toThrow('none is set')
    expect(await lastly()).toEqual(before)
  })

  it('does not take a value for one that belongs elsewhere, nor one that was put there without the key', async () => {
    const { using } = await aPlace(dialect)
    await using([first], fill)
    await using([first], ({ inTransaction }) =>
      inTransaction(async (tx) => {
        const { body } = await tx
          .selectFrom('signal_keys')
          .select('body')
          .where('id', '=', '1')
          .executeTakeFirstOrThrow()
        await tx.updateTable('signal_keys').set({ body }).where('id', '=', '2').execute()
      }),
    )
    await expect(using([first], contentOf)).rejects.toMatchObject({ code: 'key_unreadable' })
    await using([first], ({ db }) =>
      db
        .updateTable('signal_keys')
        .set({ body: Buffer.from('planted') })
        .where('id', '=', '2')
        .execute(),
    )
    await expect(using([first], contentOf)).rejects.toMatchObject({ code: 'key_unreadable' })
    // Nor is it taken in when everything is encrypted anew.
    await expect(using([second, first], contentOf)).rejects.toMatchObject({ code: 'key_unreadable' })
  })

  it('takes a plain value that looks like an encrypted one for what it is', async () => {
    const { using } = await aPlace(dialect)
    const lookalike = Buffer.concat([Buffer.from([0xe1]), randomBytes(80)])
    await using([], async ({ db }) => {
      const row = { device_id: 'main', ciphertext_hash: randomBytes(32), decrypted_at: 0 }
      await db
        .insertInto('decrypted_messages')
        .values({ ...row, plaintext: lookalike })
        .execute()
    })
    const read = await using([first], async ({ db, cipher }) => {
      const row = await db.selectFrom('decrypted_messages').selectAll().executeTakeFirstOrThrow()
      return cipher.decrypt(placeOf(encryptedColumns.decrypted, ['main', row.ciphertext_hash]), row.plaintext)
    })
    expect(read).toEqual(lookalike)
  })
})

describe('a SQLite file that was plain', () => {
  it('holds nothing of it afterwards, nor do its log and the copies made before changes of the schema', async () => {
    const { using, dir, path } = await aPlace('sqlite')
    await using([], fill)
    // Rows that were deleted before stay in free pages.
    await using([], ({ db }) => db.deleteFrom('signal_keys').where('id', '<', '3').execute())
    writeFileSync(`${path}.before-0009-audit-log.bak`, texts.credentials)
    const found = () =>
      readdirSync(dir).filter((name) =>
        ['session 1', 'session 99', texts.credentials, texts.secret].some((text) =>
          readFileSync(join(dir, name)).includes(text),
        ),
      )
    expect(found().sort()).toEqual(['gatewa.db', 'gatewa.db.before-0009-audit-log.bak'])
    const warnings: string[] = []
    const logger = {
      ...silentLogger,
      warn: (_fields: object, message: string) => void warnings.push(message),
    }
    await using([first], async () => expect(found()).toEqual([]), { logger })
    expect(found()).toEqual([])
    expect(existsSync(`${path}.before-0009-audit-log.bak`)).toBe(false)
    expect(warnings).toEqual([
      'deleted the copy made before a change of the schema: it held keys as they were',
    ])
  })

  it('says so when something else holds on to what it was', async () => {
    const { using, path } = await aPlace('sqlite')
    await using([], fill)
    const { default: SqliteDatabase } = await import('better-sqlite3')
    const reader = new SqliteDatabase(path)
    onTestFinished(() => void reader.close())
    reader.exec('begin')
    reader.prepare('select count(*) from signal_keys').get()
    await expect(using([first], contentOf)).rejects.toThrow(/could not be taken out of the file/)
    reader.exec('commit')
    expect(await using([first], contentOf)).toEqual(expected)
  }, 30_000)
})

describe('an encrypted value', () => {
  const place = placeOf(encryptedColumns.signalKeys, ['main', 'session', 'a'])
  const cipher = (keys: readonly Buffer[]) => {
    const ring = KeyRing.of(keys)
    if (ring === null) throw new Error('no key')
    return new EncryptedRows(ring)
  }

  it('is another one each time, whatever is in it, and can be empty', () => {
    const rows = cipher([first])
    for (const value of [Buffer.alloc(0), Buffer.from('x'), randomBytes(100_000)]) {
      const stored = rows.encrypt(place, value)
      expect(rows.decrypt(place, stored)).toEqual(value)
      expect(rows.encrypt(place, value)).not.toEqual(stored)
      expect(stored.length).toBe(value.length + 37)
    }
    const nonces = Array.from({ length: 1000 }, () => rows.encrypt(place, first).toString('hex', 9, 21))
    expect(new Set(nonces).size).toBe(1000)
  })

  it('cannot be read when a bit is changed, at another place, or with another key', () => {
    const rows = cipher([first])
    const stored = rows.encrypt(place, Buffer.from('a session'))
    for (let at = 0; at < stored.length; at += 1) {
      const changed = Buffer.from(stored)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => rows.decrypt(place, changed), `byte ${at}`).toThrow(/cannot be decrypted/)
    }
    for (const other of [
      placeOf(encryptedColumns.signalKeys, ['main', 'session', 'b']),
      placeOf(encryptedColumns.signalKeys, ['main', 'sender-key', 'a']),
      placeOf(encryptedColumns.signalKeys, ['other', 'session', 'a']),
      placeOf(encryptedColumns.credentials, ['main']),
    ])
      expect(() => rows.decrypt(other, stored)).toThrow(/cannot be decrypted/)
    expect(() => cipher([second]).decrypt(place, stored)).toThrow(/cannot be decrypted/)
    expect(cipher([second, first]).decrypt(place, stored).toString()).toBe('a session')
  })
})

/** Makes the change fail in its third step; the rows of the steps before are committed then. */
const breaking = {
  sqlite: [
    "create trigger broken before update on signal_keys when new.id = '440' begin select raise(abort, 'broken'); end",
    'drop trigger broken',
  ],
  postgres: [
    "alter table signal_keys add constraint broken check (id <> '440') not valid",
    'alter table signal_keys drop constraint broken',
  ],
} as const satisfies Record<Dialect, readonly [string, string]>
