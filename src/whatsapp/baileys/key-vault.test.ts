import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { DatabaseGone } from '../../core/database-gone.ts'
import { asDeviceId } from '../../core/ids.ts'
import { plainRows } from '../../db/encryption/row-cipher.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { ByteLru } from './byte-lru.ts'
import { KeyRowStore } from './key-row-store.ts'
import type { KeyChange } from './key-rows.ts'
import { KeyVault } from './key-vault.ts'

const device = asDeviceId('main')

function row(id: string, text: string | null): KeyChange {
  return { type: 'tctoken', id, body: text === null ? null : Buffer.from(text) }
}

function vaultOn(db: OpenDatabase, inTransaction: InTransaction = db.inTransaction): KeyVault {
  return new KeyVault({
    device,
    store: new KeyRowStore({ ...db, inTransaction, clock: new ManualClock() }, device, 0),
    cache: new ByteLru(1_000_000),
  })
}

async function readText(vault: KeyVault, id: string): Promise<string | null> {
  return (await vault.readOne('tctoken', id))?.toString() ?? null
}

describeEachDialect('a vault of keys', (open) => {
  it('shows a write at once and resolves when another process would see it', async () => {
    const db = await open()
    const vault = vaultOn(db)
    const written = vault.write({ changes: [row('a', 'one')] })
    expect(await readText(vault, 'a')).toBe('one')
    await written
    expect(await readText(vaultOn(db), 'a')).toBe('one')
    const removed = vault.write({ changes: [row('a', null)] })
    expect(await readText(vault, 'a')).toBeNull()
    await removed
    expect(await readText(vaultOn(db), 'a')).toBeNull()
  })

  it('commits what comes while a commit is under way together, the last value of each row winning', async () => {
    const db = await open()
    let commits = 0
    const vault = vaultOn(db, (work) => {
      commits += 1
      return db.inTransaction(work)
    })
    const writes = Array.from({ length: 200 }, (_, index) =>
      vault.write({ changes: [row(String(index % 7), `value ${index}`)] }),
    )
    await Promise.all(writes)
    expect(commits).toBeLessThanOrEqual(2)
    expect(await readText(vaultOn(db), '3')).toBe('value 199')
    expect(await readText(vaultOn(db), '4')).toBe('value 193')
  })

  it('does not write what is so already', async () => {
    const db = await open()
    let commits = 0
    const vault = vaultOn(db, (work) => {
      commits += 1
      return db.inTransaction(work)
    })
    await vault.write({ changes: [row('a', 'same')] })
    await vault.write({ changes: [row('a', 'same')] })
    expect(commits).toBe(1)
    await vault.write({ changes: [row('a', 'other')] })
    expect(commits).toBe(2)
  })

  it('reads and writes more rows than a statement can name', async () => {
    const db = await open()
    const ids = Array.from({ length: 1500 }, (_, index) => `id ${index}`)
    await vaultOn(db).write({ changes: ids.map((id) => row(id, id)) })
    expect((await vaultOn(db).read('tctoken', [...ids, 'missing'])).size).toBe(1500)
    await vaultOn(db).write({ changes: ids.map((id) => row(id, null)) })
    expect((await vaultOn(db).read('tctoken', ids)).size).toBe(0)
  })

  it('is dead once the database did not answer: the library would take what it cannot read for absent', async () => {
    const db = await open()
    const questions: ((vault: KeyVault) => Promise<unknown>)[] = [
      (vault) => vault.readOne('tctoken', 'a'),
      (vault) => vault.decryptedBefore([Buffer.alloc(32)]),
      (vault) => vault.lidsOf(['628120000001']),
      (vault) => vault.phonesOf(['1001']),
      (vault) => vault.learn([{ phoneUser: '628120000001', lidUser: '1001' }]),
    ]
    const vaults = questions.map(() => vaultOn(db, () => Promise.reject(new DatabaseGone(new Error('gone')))))
    await db.close()
    for (const [index, ask] of questions.entries()) {
      const [vault] = vaults.splice(0, 1)
      if (vault === undefined) throw new Error('no vault')
      await expect(ask(vault), String(index)).rejects.toThrow()
      expect(vault.failure, String(index)).toMatchObject({ code: 'internal_error' })
      await expect(vault.write({ changes: [row('c', 'three')] })).rejects.toBe(vault.failure)
    }
  })

  it('writes nothing more once it is closed', async () => {
    const db = await open()
    const vault = vaultOn(db)
    const underWay = vault.write({ changes: [row('a', 'one')] }).catch((error: unknown) => error)
    await vault.close(new Error('out of use'))
    await underWay
    await expect(vault.write({ changes: [row('b', 'two')] })).rejects.toThrow('out of use')
    await expect(vault.read('tctoken', ['a'])).rejects.toThrow('out of use')
    expect(await readText(vaultOn(db), 'b')).toBeNull()
  })
})

describe('a vault whose commit fails', () => {
  it('rejects every write that waited, and those after it', async () => {
    const never = new Error('never opened')
    // No query runs: the transaction is refused before.
    const database = {
      db: null as never,
      inTransaction: () => Promise.reject(never),
      clock: new ManualClock(),
      cipher: plainRows,
    }
    const vault = new KeyVault({
      device,
      store: new KeyRowStore(database, device, 0),
      cache: new ByteLru(1000),
    })
    const outcomes = await Promise.allSettled([
      vault.write({ changes: [row('a', 'one')] }),
      vault.write({ changes: [row('b', 'two')] }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(vault.failure?.cause).toBe(never)
    await expect(vault.write({ changes: [row('c', 'three')] })).rejects.toBe(vault.failure)
  })
})
