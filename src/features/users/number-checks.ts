import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Jid } from '../../whatsapp/jid.ts'

/** How long an answer is good for. */
const knownForMs = 5 * 60_000
const maxKnown = 10_000
/** So many may wait for their turn; whoever goes through lists of numbers loses the account. */
const maxWaiting = 20

/** Whether people have an account: each is asked about once in a while, and one after another per device. */
export class NumberChecks {
  readonly #clock: Clock
  readonly #known = new Map<string, { readonly isThere: boolean; readonly until: number }>()
  readonly #asking = new Map<string, Promise<boolean>>()
  readonly #queues = new Map<DeviceId, { last: Promise<unknown>; length: number }>()

  constructor(deps: { readonly clock: Clock }) {
    this.#clock = deps.clock
  }

  /** The answer, asked for when it is not known. Raises `whatsapp_rate_limited` when too many wait already. */
  check(device: DeviceId, person: Jid, ask: () => Promise<boolean>): Promise<boolean> {
    const key = `${device} ${person}`
    const known = this.#known.get(key)
    if (known !== undefined && known.until > this.#clock.now().getTime())
      return Promise.resolve(known.isThere)
    const asked = this.#asking.get(key) ?? this.#ask(key, device, ask)
    return asked
  }

  #ask(key: string, device: DeviceId, ask: () => Promise<boolean>): Promise<boolean> {
    const queue = this.#queues.get(device) ?? { last: Promise.resolve(), length: 0 }
    if (queue.length >= maxWaiting) return Promise.reject(new AppError('whatsapp_rate_limited'))
    queue.length++
    const answer = queue.last.then(ask).then((isThere) => {
      this.#remember(key, isThere)
      return isThere
    })
    this.#asking.set(key, answer)
    // The next is asked whatever became of this one; who asked hears of a failure.
    queue.last = answer.then(
      () => this.#done(key, device, queue),
      () => this.#done(key, device, queue),
    )
    this.#queues.set(device, queue)
    return answer
  }

  #done(key: string, device: DeviceId, queue: { length: number }): void {
    this.#asking.delete(key)
    queue.length--
    if (queue.length === 0) this.#queues.delete(device)
  }

  #remember(key: string, isThere: boolean): void {
    this.#known.delete(key)
    this.#known.set(key, { isThere, until: this.#clock.now().getTime() + knownForMs })
    const [oldest] = this.#known.keys()
    if (this.#known.size > maxKnown && oldest !== undefined) this.#known.delete(oldest)
  }
}
