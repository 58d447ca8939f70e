import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../core/logger.ts'
import { acquaint, librarySide } from './signal/test-sides.ts'
import { silenceLibsignal } from './silence-libsignal.ts'

describe('silencing libsignal', () => {
  const undo: (() => void)[] = []
  afterEach(() => {
    for (const step of undo.splice(0)) step()
  })

  function recorded() {
    const lines: unknown[][] = []
    const keep = (...args: unknown[]) => void lines.push(args)
    return { lines, target: { log: keep, info: keep, warn: keep, error: keep, debug: keep } }
  }

  it('keeps sessions off the console and in the process’s log names only the kind of line', () => {
    const { lines, target } = recorded()
    const logged: object[] = []
    undo.push(silenceLibsignal({ ...silentLogger, debug: (fields) => void logged.push(fields) }, target))
    target.info('Closing session:', { currentRatchet: { privKey: 'secret' } })
    target.error('Session error:Error: Bad MAC', 'a stack')
    class SessionEntry {
      readonly privKey = 'secret'
    }
    target.warn('some new sentence', new SessionEntry())
    expect(lines).toEqual([])
    expect(JSON.stringify(logged)).not.toContain('secret')
    expect(logged).toHaveLength(3)
  })

  it('lets everything else through, and gives the console back', () => {
    const { lines, target } = recorded()
    const before = { ...target }
    const giveBack = silenceLibsignal(silentLogger, target)
    target.info('the gateway listens', 1)
    target.error(new Error('a crash'))
    expect(lines).toEqual([['the gateway listens', 1], [new Error('a crash')]])
    giveBack()
    expect({ ...target }).toEqual(before)
  })

  it('covers what libsignal says in truth', async () => {
    const { lines, target } = recorded()
    const before = { ...globalThis.console }
    undo.push(() => void Object.assign(globalThis.console, before))
    Object.assign(globalThis.console, target)
    undo.push(silenceLibsignal(silentLogger))
    const [a, b] = [await librarySide('111111@lid'), await librarySide('222222@lid')]
    await acquaint(a, b)
    await acquaint(a, b)
    await b.repository
      .decryptMessage({ jid: a.jid, type: 'msg', ciphertext: Buffer.alloc(80, 0x33) })
      .catch((error: unknown) => error)
    expect(lines).toEqual([])
  })

  it('knows every line that libsignal prints', async () => {
    const root = dirname(createRequire(import.meta.url).resolve('libsignal/src/curve.js'))
    const { lines, target } = recorded()
    undo.push(silenceLibsignal(silentLogger, target))
    let count = 0
    for (const file of await readdir(root)) {
      const source = await readFile(join(root, file), 'utf8')
      for (const match of source.matchAll(/^[^/\n]*console\.\w+\((["'`])(?<text>.*?)\1/gm)) {
        const line = match.groups?.text ?? ''
        count += 1
        target.info(line)
      }
    }
    expect(count).toBeGreaterThan(8)
    expect(lines).toEqual([])
  })
})
