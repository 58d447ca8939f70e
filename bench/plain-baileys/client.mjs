// The baseline: baileys as published, keys in memory, no override of ours. Driven over IPC by bench/run.ts.
import { initAuthCreds, makeWASocket, WA_CERT_DETAILS } from 'baileys'
import { LoopWatch } from '../loop-watch.ts'

const silent = {
  level: 'silent',
  child: () => silent,
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
}
for (const name of ['info', 'log', 'warn', 'error']) console[name] = () => undefined

const { CHAT_URL, NOISE_ROOT } = process.env
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(NOISE_ROOT, 'hex')

const watch = new LoopWatch()
const clients = []

function memoryKeys() {
  const rows = new Map()
  return {
    get: async (type, ids) =>
      Object.fromEntries(
        ids.flatMap((id) => (rows.has(`${type}|${id}`) ? [[id, rows.get(`${type}|${id}`)]] : [])),
      ),
    set: async (data) => {
      for (const type of Object.keys(data)) {
        for (const [id, value] of Object.entries(data[type])) {
          if (value === null || value === undefined) rows.delete(`${type}|${id}`)
          else rows.set(`${type}|${id}`, value)
        }
      }
    },
  }
}

class Client {
  creds = initAuthCreds()
  keys = memoryKeys()
  received = 0
  acked = 0
  groups = new Map()
  waiters = []
  isOpen = false
  latencies = []

  connect() {
    const socket = makeWASocket({
      waWebSocketUrl: CHAT_URL,
      auth: { creds: this.creds, keys: this.keys },
      logger: silent,
      cachedGroupMetadata: async (jid) => this.groups.get(jid),
    })
    this.socket = socket
    socket.ws.on('CB:ack,class:message', () => this.#changed(() => this.acked++))
    socket.ev.on('creds.update', () => undefined)
    socket.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
      if (qr) this.#changed(() => (this.qr = qr))
      if (connection === 'open') this.#changed(() => (this.isOpen = true))
      if (connection === 'close') {
        this.#changed(() => (this.isOpen = false))
        if (lastDisconnect?.error?.output?.statusCode === 515) setImmediate(() => this.connect())
      }
    })
    socket.ev.on('messages.upsert', ({ messages }) => {
      const now = performance.timeOrigin + performance.now()
      for (const { key, message } of messages) {
        const text = message?.conversation ?? message?.extendedTextMessage?.text ?? ''
        if (key.fromMe || !text.startsWith('bench|')) continue
        const sentAt = Number(text.split('|')[2])
        this.#changed(() => {
          this.received++
          if (sentAt > 0) this.latencies.push(now - sentAt)
        })
      }
    })
  }

  until(test) {
    return new Promise((resolve) => {
      if (test()) resolve()
      else this.waiters.push({ test, resolve })
    })
  }

  #changed(apply) {
    apply()
    this.waiters = this.waiters.filter(({ test, resolve }) => {
      if (!test()) return true
      resolve()
      return false
    })
  }
}

const commands = {
  async qr({ at }) {
    const client = new Client()
    clients[at] = client
    client.connect()
    await client.until(() => client.qr)
    return client.qr
  },
  async opened({ at }) {
    await clients[at].until(() => clients[at].isOpen)
  },
  async disconnect({ at }) {
    await clients[at].socket.end(undefined)
    clients[at].isOpen = false
  },
  async reconnect({ at }) {
    clients[at].connect()
  },
  async cacheGroup({ at, jid }) {
    clients[at].groups.set(jid, await clients[at].socket.groupMetadata(jid))
  },
  /** Sends `count` texts one after another, and waits for all acks. A turn for the loop after each, or none would pass. */
  async send({ at, to, count, concurrency }) {
    const client = clients[at]
    const goal = client.acked + count
    let next = 0
    const lane = async () => {
      while (next < count) {
        const number = next++
        await client.socket.sendMessage(to, { text: `out|${number}` })
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await Promise.all(Array.from({ length: concurrency }, lane))
    await client.until(() => client.acked >= goal)
  },
  async received({ at, count }) {
    await clients[at].until(() => clients[at].received >= count)
  },
  async reset({ at }) {
    clients[at].received = 0
    clients[at].latencies = []
    watch.reset()
  },
  async latencies({ at }) {
    return clients[at].latencies
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
}

process.on('message', async ({ id, command, args }) => {
  try {
    process.send({ id, result: await commands[command](args ?? {}) })
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) })
  }
})
process.on('disconnect', () => process.exit(0))
process.send({ ready: true })
