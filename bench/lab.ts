import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from './ipc.ts'
import { WebhookCounter } from './webhook-counter.ts'

const here = import.meta.dirname

/** Somebody the simulator made up. */
export interface Somebody {
  readonly phone: string
  readonly jid: string
}

interface Where {
  readonly chatUrl: string
  readonly noiseRoot: string
  readonly mediaHost: string
  readonly caFile: string
  readonly webVersionUrl: string
}

export interface Stats {
  readonly rssMb: number
  /** Longest time since the reset in which the event loop had no turn; `busyMs` counts CPU time of the thread alone. */
  readonly stallMs: number
  readonly busyMs: number
  /** Used by the process since it began. */
  readonly cpuMs: number
}

/** What can be measured: our gateway or plain Baileys, linked to simulated accounts. */
export interface Subject {
  readonly name: string
  /** Links `count` more devices, one account each; resolves when all are open. */
  link(owners: readonly Somebody[]): Promise<void>
  /** Sends `count` texts from the device of the first owner; resolves when WhatsApp has acked all. */
  send(to: string, count: number): Promise<void>
  /** Called before a group is first written to. */
  knowGroup(jid: string): Promise<void>
  /** Forgets counts and latencies. */
  reset(): Promise<void>
  /** Resolves once `count` inbound messages have been reported since the reset. */
  received(count: number): Promise<void>
  latenciesMs(): Promise<number[]>
  /** Brings the connection back after the network was cut. */
  reconnect(): Promise<void>
  disconnect(): Promise<void>
  stats(): Promise<Stats>
  /** Runs `work`; with `file`, a CPU profile of the process meanwhile is written there (of our gateway only). */
  profiled(file: string | null, work: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

/** A simulator in its own process, and what is measured against it. */
export class Lab {
  readonly simulator: Worker
  readonly where: Where

  private constructor(simulator: Worker, where: Where) {
    this.simulator = simulator
    this.where = where
  }

  static async open(): Promise<Lab> {
    const simulator = await Worker.start(join(here, 'simulator-process.ts'))
    return new Lab(simulator, await simulator.call<Where>('where'))
  }

  people(count: number): Promise<Somebody[]> {
    return this.simulator.call('addPeople', { count })
  }

  /** Everybody else comes into the address book of somebody's phone, before it is linked. */
  knowEverybody(owner: Somebody): Promise<void> {
    return this.simulator.call('knowEverybody', { phone: owner.phone })
  }

  group(owner: Somebody, members: readonly Somebody[]): Promise<string> {
    return this.simulator.call('addGroup', { owner: owner.phone, members: members.map(({ phone }) => phone) })
  }

  /** Writes messages as a person; see the simulator's command. */
  write(order: {
    from: Somebody
    to: string
    count: number
    isTimed?: boolean
    perSecond?: number
  }): Promise<void> {
    const { from, to, count, isTimed = false, perSecond = 0 } = order
    return this.simulator.call('write', { from: from.phone, to, count, first: 0, isTimed, perSecond })
  }

  async close(): Promise<void> {
    await this.simulator.stop()
  }
}

/** Our gateway, spoken to over HTTP and heard by webhook. */
export class GatewaySubject implements Subject {
  readonly name = 'gatewa'
  readonly #lab: Lab
  readonly #worker: Worker
  readonly #address: string
  readonly #hooks: readonly WebhookCounter[]
  readonly #deadHooks: readonly WebhookCounter[]
  readonly #dataDir: string
  #linked = 0

  private constructor(parts: {
    lab: Lab
    worker: Worker
    address: string
    hooks: readonly WebhookCounter[]
    deadHooks: readonly WebhookCounter[]
    dataDir: string
  }) {
    this.#lab = parts.lab
    this.#worker = parts.worker
    this.#address = parts.address
    this.#hooks = parts.hooks
    this.#deadHooks = parts.deadHooks
    this.#dataDir = parts.dataDir
  }

  /** Starts it with so many endpoints that answer, and so many that never do. */
  static async open(lab: Lab, endpoints = { live: 1, dead: 0 }): Promise<GatewaySubject> {
    const started = (count: number, answers: boolean) =>
      Promise.all(Array.from({ length: count }, () => WebhookCounter.start(answers)))
    const hooks = await started(endpoints.live, true)
    const deadHooks = await started(endpoints.dead, false)
    const dataDir = await mkdtemp(join(tmpdir(), 'gatewa-bench-'))
    const { where } = lab
    const worker = await Worker.start(join(here, 'gateway-process.ts'), {
      execArgv: ['--expose-gc'],
      env: {
        APP_PORT: '0',
        APP_DATA_DIR: dataDir,
        APP_BASIC_AUTH: '',
        DB_URI: '',
        WHATSAPP_WEBHOOK: [...deadHooks, ...hooks].map(({ url }) => url).join(','),
        WHATSAPP_WEBHOOK_SECRET: 'bench-secret',
        WHATSAPP_WEBSOCKET_URL: where.chatUrl,
        WHATSAPP_NOISE_ROOT_KEY: where.noiseRoot,
        WHATSAPP_MEDIA_HOST: where.mediaHost,
        WHATSAPP_WEB_VERSION_URL: where.webVersionUrl,
        NODE_EXTRA_CA_CERTS: where.caFile,
      },
    })
    const address = await worker.call<string>('address')
    return new GatewaySubject({ lab, worker, address, hooks, deadHooks, dataDir })
  }

  async link(owners: readonly Somebody[]): Promise<void> {
    for (const owner of owners) {
      const id = `device-${this.#linked++}`
      await this.#call('POST', '/devices', id, { device_id: id })
      const login = await this.#call('GET', `/devices/${id}/login`, id)
      await this.#lab.simulator.call('scan', { phone: owner.phone, qr: login.results?.qr_code })
      await this.#lab.simulator.call('online', { phone: owner.phone })
    }
  }

  async send(to: string, count: number): Promise<void> {
    let next = 0
    const lane = async () => {
      while (next < count) {
        const number = next++
        await this.#call('POST', '/send/message', 'device-0', { phone: to, message: `out|${number}` })
      }
    }
    await Promise.all(Array.from({ length: 20 }, lane))
  }

  /** How many people the address book of the first device has. */
  async contactCount(): Promise<number> {
    const { results } = await this.#call('GET', '/user/my/contacts', 'device-0')
    return results?.data?.length ?? 0
  }

  async knowGroup(): Promise<void> {
    // The gateway asks and remembers by itself.
  }

  async reset(): Promise<void> {
    for (const hook of this.#hooks) hook.reset()
    await this.#worker.call('reset')
  }

  async received(count: number): Promise<void> {
    await Promise.all(this.#hooks.map((hook) => hook.until(count)))
  }

  async latenciesMs(): Promise<number[]> {
    return this.#hooks.flatMap((hook) => hook.latenciesMs)
  }

  async disconnect(): Promise<void> {
    await this.#lab.simulator.call('cutNetwork')
  }

  async reconnect(): Promise<void> {
    await this.#lab.simulator.call('restoreNetwork')
    await this.#call('POST', '/devices/device-0/reconnect', 'device-0')
  }

  stats(): Promise<Stats> {
    return this.#worker.call('stats')
  }

  async profiled(file: string | null, work: () => Promise<void>): Promise<void> {
    if (file === null) return work()
    await this.#worker.call('startProfile')
    await work()
    await this.#worker.call('endProfile', { file })
  }

  async stop(): Promise<void> {
    await this.#worker.stop()
    for (const hook of [...this.#hooks, ...this.#deadHooks]) await hook.stop()
    await rm(this.#dataDir, { recursive: true, force: true })
  }

  async #call(
    method: string,
    path: string,
    device: string,
    body?: object,
  ): Promise<{ results?: { qr_code?: string; data?: readonly unknown[] } }> {
    const answer = await fetch(`${this.#address}${path}`, {
      method,
      headers: {
        'x-device-id': device,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return JSON.parse(text) as { results?: { qr_code?: string; data?: readonly unknown[] } } // our own gateway's answer
  }
}

/** Plain Baileys with keys in memory, in its own folder and process. */
export class PlainSubject implements Subject {
  readonly name = 'plain baileys'
  readonly #lab: Lab
  readonly #worker: Worker
  #linked = 0

  private constructor(lab: Lab, worker: Worker) {
    this.#lab = lab
    this.#worker = worker
  }

  static async open(lab: Lab): Promise<PlainSubject> {
    const cwd = join(here, 'plain-baileys')
    const { chatUrl, noiseRoot, caFile } = lab.where
    const env = { CHAT_URL: chatUrl, NOISE_ROOT: noiseRoot, NODE_EXTRA_CA_CERTS: caFile }
    return new PlainSubject(
      lab,
      await Worker.start(join(cwd, 'client.mjs'), { cwd, env, execArgv: ['--expose-gc'] }),
    )
  }

  async link(owners: readonly Somebody[]): Promise<void> {
    for (const owner of owners) {
      const at = this.#linked++
      const qr = await this.#worker.call<string>('qr', { at })
      await this.#lab.simulator.call('scan', { phone: owner.phone, qr })
      await this.#worker.call('opened', { at })
      await this.#lab.simulator.call('online', { phone: owner.phone })
    }
  }

  send(to: string, count: number): Promise<void> {
    return this.#worker.call('send', { at: 0, to, count, concurrency: 20 })
  }

  knowGroup(jid: string): Promise<void> {
    return this.#worker.call('cacheGroup', { at: 0, jid })
  }

  reset(): Promise<void> {
    return this.#worker.call('reset', { at: 0 })
  }

  received(count: number): Promise<void> {
    return this.#worker.call('received', { at: 0, count })
  }

  latenciesMs(): Promise<number[]> {
    return this.#worker.call('latencies', { at: 0 })
  }

  async disconnect(): Promise<void> {
    await this.#worker.call('disconnect', { at: 0 })
  }

  async reconnect(): Promise<void> {
    await this.#worker.call('reconnect', { at: 0 })
  }

  stats(): Promise<Stats> {
    return this.#worker.call('stats')
  }

  profiled(_file: string | null, work: () => Promise<void>): Promise<void> {
    return work()
  }

  stop(): Promise<void> {
    return this.#worker.stop()
  }
}
