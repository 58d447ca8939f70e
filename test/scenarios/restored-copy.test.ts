import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Person } from '@gatewa/simulator'
import { describe, expect, onTestFinished } from 'vitest'
import { runBackup, runRestore } from '../../src/cli/backup.ts'
import { RecordingTerminal } from '../../src/cli/recording-terminal.ts'
import { runRenewKeys } from '../../src/cli/renew-keys.ts'
import { createTestDatabase } from '../../src/db/test-database.ts'
import { changeDatabase } from '../database-view.ts'
import type { Gateway } from '../harness.ts'
import { type Stage, scenario } from '../scenario.ts'

const flags = { backupPassphrase: 'a passphrase of the tests', logLevel: 'error' }

/** A backup of the gateway's data now; restoring it gives the settings of the new place. */
async function backedUp(stage: Stage): Promise<() => Promise<Record<string, string>>> {
  const dir = mkdtempSync(join(tmpdir(), 'gatewa-copy-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const file = join(dir, 'backup')
  const { settings } = stage.world
  const dataDir = settings['APP_DATA_DIR'] ?? ''
  const source = { ...flags, dataDir, databaseUri: settings['DB_URI'] ?? '' }
  await runBackup({ flags: source, options: { to: file } }, new RecordingTerminal())
  return async () => {
    let databaseUri = `file:${join(dir, 'gatewa.db')}`
    if (stage.dialect === 'postgres') {
      const { uri, drop } = await createTestDatabase('postgres')
      onTestFinished(drop)
      databaseUri = uri
    }
    const options = { from: file, originalIsStopped: true }
    await runRestore({ flags: { ...flags, dataDir: dir, databaseUri }, options }, new RecordingTerminal())
    return { APP_DATA_DIR: dir, DB_URI: databaseUri }
  }
}

async function says(gateway: Gateway, to: string, text: string, readers: readonly Person[]): Promise<void> {
  const sent = await gateway.sendText('main', to, text)
  expect(sent.status, sent.text).toBe(200)
  for (const reader of readers) await reader.receives(text)
}

describe('a restored copy', () => {
  scenario(
    'sends nothing under keys that the original has used since: nobody has to ask for a message again',
    async (stage) => {
      const { world, gateway } = stage
      const { ada, bo } = await stage.linkedPair()
      const [cy, di] = stage.people('Cy', 'Di')
      const group = world.simulator.addGroup({ subject: 'All', owner: bo, members: [ada, bo, cy, di] })
      const people = [bo, cy, di]
      const writes = async (to: Person | typeof group, text: string, from: Person) => {
        const { id } = await from.sendText(to, text)
        await world.nextEvent('message', ({ payload }) => payload.id === id)
      }
      const exchange = async (on: Gateway, part: string) => {
        await says(on, group.jid, `${part}: to all`, people)
        for (const person of [bo, cy]) await says(on, person.phone, `${part}: to ${person.name}`, [person])
      }
      // Bo and the device have answered each other, Cy has only been written to, Di is known from the group alone.
      await exchange(gateway, 'first')
      await writes(ada, 'first: from Bo', bo)
      await writes(group, 'first: from Bo to all', bo)
      await exchange(gateway, 'second')
      const restored = await backedUp(stage)

      await exchange(gateway, 'unknown to the copy')
      await exchange(gateway, 'also unknown')
      await writes(ada, 'from Bo to the original', bo)
      await exchange(gateway, 'after Bo has answered')
      await gateway.stop()
      const copy = await world.startGateway({ settings: await restored() })
      await copy.loggedIn('main')

      for (const part of ['the copy', 'the copy again']) {
        await exchange(copy, part)
        await says(copy, di.phone, `${part}: to Di`, [di])
        for (const person of [...people, ada]) expect(person.retriesAsked, person.name).toBe(0)
        for (const person of people) {
          await writes(ada, `${part}: from ${person.name}`, person)
          await writes(group, `${part}: from ${person.name} to all`, person)
        }
      }
    },
    { timeoutMs: 60_000 },
  )

  scenario(
    'that was made by setting the data back in another way is made fit by renew-keys',
    async (stage) => {
      const { gateway, world } = stage
      const { bo } = await stage.linkedPair()
      const key = Buffer.alloc(32, 3).toString('base64')
      const encrypted = { APP_ENCRYPTION_KEY: key }
      await gateway.stop()
      const first = await stage.start(encrypted)
      await first.loggedIn('main')
      await says(first, bo.phone, 'before', [bo])
      await first.stop()
      const setBack = await snapshotOf(stage)
      const original = await stage.start(encrypted)
      await original.loggedIn('main')
      await says(original, bo.phone, 'unknown to the copy', [bo])
      await original.stop()
      await setBack()

      const { settings } = world
      const place = { dataDir: settings['APP_DATA_DIR'] ?? '', databaseUri: settings['DB_URI'] ?? '' }
      const terminal = new RecordingTerminal()
      await expect(runRenewKeys({ ...place, logLevel: 'error' }, terminal)).rejects.toThrow(
        'APP_ENCRYPTION_KEY',
      )
      await runRenewKeys({ ...place, encryptionKey: key, logLevel: 'error' }, terminal)
      expect(terminal.printed).toEqual(['every device sends under new keys from its next message on'])
      const copy = await stage.start(encrypted)
      await copy.loggedIn('main')
      await says(copy, bo.phone, 'by the copy', [bo])
      expect(bo.retriesAsked).toBe(0)
    },
    { timeoutMs: 60_000 },
  )
})

/** Takes the tables of keys as they are stored; what it gives puts them back, as an older copy of the data would. */
async function snapshotOf({ dialect, world }: Stage): Promise<() => Promise<void>> {
  const uri = world.settings['DB_URI'] ?? ''
  const tables = ['signal_keys', 'credentials']
  for (const table of tables)
    await changeDatabase(dialect, uri, `create table kept_${table} as select * from ${table}`)
  return async () => {
    for (const table of tables) {
      await changeDatabase(dialect, uri, `delete from ${table}`)
      await changeDatabase(dialect, uri, `insert into ${table} select * from kept_${table}`)
      await changeDatabase(dialect, uri, `drop table kept_${table}`)
    }
  }
}
