// Owns: the stage of one story — a world with a gateway running in it, on either engine, torn down at the end.
import type { Person } from '@gatewa/simulator'
import { it, onTestFinished } from 'vitest'
import { type Clock, systemClock } from '../src/core/clock.ts'
import type { Dialect } from '../src/db/migration.ts'
import { testDialects } from '../src/db/test-database.ts'
import type { EngineConfig } from '../src/whatsapp/baileys/engine-config.ts'
import { type Answer, type Gateway, TestWorld, type WorldOptions } from './harness.ts'

/** A clock that can be told to be quick. */
export class HastyClock implements Clock {
  /** So many times less has to be waited, in waits that begin from now on; the time goes on as ever. */
  haste = 1
  /** Waits of at least so many milliseconds, begun from now on, are soon over: chores come at once. */
  hurriedFromMs = Number.POSITIVE_INFINITY
  #speed = 1
  #setAt = systemClock.now().getTime()
  #setTo = this.#setAt

  now(): Date {
    return new Date(this.#setTo + (systemClock.now().getTime() - this.#setAt) * this.#speed)
  }

  after(ms: number, callback: () => void): () => void {
    const hurry = ms >= this.hurriedFromMs ? 600 : 1
    return systemClock.after(ms / (this.haste * this.#speed * hurry), callback)
  }

  /** Puts the time forward; waits that have begun are not moved by it. */
  putForward(ms: number): void {
    this.#setTo += ms
  }

  /** From now on the time itself goes that many times faster; a connection that is idle soon seems dead then. */
  runFast(speed: number): void {
    this.#setTo = this.now().getTime()
    this.#setAt = systemClock.now().getTime()
    this.#speed = speed
  }
}

export interface StageOptions extends WorldOptions {
  /** How long the story may take; default 20 s. */
  readonly timeoutMs?: number
  /** False for stories that start gateways themselves. */
  readonly startsGateway?: boolean
  /** Settings of the engine in every gateway, beyond what can be set from outside. */
  readonly engine?: Pick<EngineConfig, 'qrLifetimeMs' | 'keepAliveMs'>
}

/** What a story is played on. */
export class Stage {
  readonly world: TestWorld
  readonly dialect: Dialect
  readonly clock = new HastyClock()
  readonly #engine: Pick<EngineConfig, 'qrLifetimeMs' | 'keepAliveMs'>
  #gateway: Gateway | null = null

  private constructor(
    world: TestWorld,
    dialect: Dialect,
    engine: Pick<EngineConfig, 'qrLifetimeMs' | 'keepAliveMs'>,
  ) {
    this.world = world
    this.dialect = dialect
    this.#engine = engine
  }

  static async open(dialect: Dialect, options: StageOptions): Promise<Stage> {
    const stage = new Stage(await TestWorld.open(dialect, options), dialect, options.engine ?? {})
    onTestFinished(() => stage.world.close())
    if (options.startsGateway !== false) await stage.start()
    return stage
  }

  /** The gateway that was started last. */
  get gateway(): Gateway {
    if (this.#gateway === null) throw new Error('no gateway was started')
    return this.#gateway
  }

  /** Starts a gateway on the world's database, with this stage's clock. */
  async start(settings: Readonly<Record<string, string>> = {}): Promise<Gateway> {
    this.#gateway = await this.world.startGateway({ settings, clock: this.clock, engine: this.#engine })
    return this.#gateway
  }

  /** Stops the gateway and starts another in its place, as after an update. */
  async restart(settings: Readonly<Record<string, string>> = {}): Promise<Gateway> {
    await this.gateway.stop()
    return this.start(settings)
  }

  /** People with these names. */
  people<Names extends readonly string[]>(...names: Names): { [Index in keyof Names]: Person } {
    // One person per name, in their order.
    return names.map((name) => this.world.simulator.addPerson({ name })) as {
      [Index in keyof Names]: Person
    }
  }

  /** Somebody whose device `main` is linked, and a contact. */
  async linkedPair(device = 'main'): Promise<{ ada: Person; bo: Person }> {
    const [ada, bo] = this.people('Ada', 'Bo')
    await this.gateway.link(ada, device)
    return { ada, bo }
  }
}

/** Declares a story as one test per engine, each in a world of its own. */
export function scenario(
  title: string,
  story: (stage: Stage) => Promise<void>,
  options: StageOptions = {},
): void {
  it.each(testDialects())(`${title} (%s)`, { timeout: options.timeoutMs ?? 40_000 }, async (dialect) => {
    await story(await Stage.open(dialect, options))
  })
}

/** What an answer's `results` are; the caller names the shape that the contract gives them. */
export function resultsOf<Results>(answer: Answer): Results {
  if (answer.json.results === undefined) throw new Error(`no results: ${answer.status} ${answer.text}`)
  return answer.json.results
}

/** Id of the message that a send answered with. */
export function messageIdOf(answer: Answer): string {
  return resultsOf<{ message_id: string }>(answer).message_id
}
