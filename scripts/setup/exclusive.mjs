import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { cacheFolder, say } from './paths.mjs'

const lock = join(cacheFolder, 'setup.lock')

/**
 * Runs `work` while no other start of this installation does; a start that finds the lock held waits for its turn.
 * The lock of a process that no longer lives is taken over.
 */
export async function exclusively(work) {
  mkdirSync(cacheFolder, { recursive: true })
  await takeLock()
  try {
    return await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

async function takeLock() {
  // Made in full beside and renamed, so that nobody ever sees a lock without an owner.
  const own = `${lock}.${process.pid}`
  rmSync(own, { recursive: true, force: true })
  mkdirSync(own)
  writeFileSync(join(own, 'pid'), String(process.pid))
  let told = false
  for (;;) {
    try {
      renameSync(own, lock)
      return
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error
    }
    if (!isHeld()) {
      // Moved away first: of several that see the dead owner only one succeeds.
      moveAway(`${lock}.dead.${process.pid}`)
      continue
    }
    if (!told) say('another start is setting up; waiting for it')
    told = true
    await pause(200)
  }
}

function isHeld() {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function moveAway(aside) {
  try {
    renameSync(lock, aside)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  rmSync(aside, { recursive: true, force: true })
}
