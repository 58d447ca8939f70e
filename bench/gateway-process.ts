// The gateway in a process of its own, with a look at its event loop and memory. Driven over IPC by bench/run.ts.
import { writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { silentLogger } from '../src/core/logger.ts'
import { serveCommands } from './ipc.ts'
import { LoopWatch } from './loop-watch.ts'

const loaded = loadConfig({ dotenvFolders: [] })
if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
const app = await createApp(loaded.config, { logger: silentLogger })
await app.start()
const watch = new LoopWatch()
const profiler = new Session()

serveCommands({
  async address() {
    return app.address
  },
  async reset() {
    watch.reset()
  },
  async startProfile() {
    profiler.connect()
    await profiler.post('Profiler.enable')
    await profiler.post('Profiler.setSamplingInterval', { interval: 200 })
    await profiler.post('Profiler.start')
  },
  async endProfile({ file }: { file: string }) {
    const { profile } = await profiler.post('Profiler.stop')
    profiler.disconnect()
    await writeFile(file, JSON.stringify(profile))
  },
  async stats() {
    const { user, system } = process.cpuUsage()
    const { stallMs, busyMs } = watch.longest
    // Twice with a pause: what one collection frees, the next can give back to the system.
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 200))
    globalThis.gc?.()
    return { rssMb: process.memoryUsage().rss / 1_048_576, stallMs, busyMs, cpuMs: (user + system) / 1000 }
  },
})
