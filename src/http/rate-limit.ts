import type { FastifyReply } from 'fastify'
import { AppError } from '../core/app-error.ts'
import { BoundedMap } from '../core/bounded-map.ts'
import type { Clock } from '../core/clock.ts'

/** What is left after a request: told in the answer's `RateLimit-*` headers. */
export interface Allowance {
  readonly isAllowed: boolean
  /** The limit, in requests per minute. */
  readonly limit: number
  /** Whole requests that could be made at once now. */
  readonly remaining: number
  /** Seconds until another request may be made when none is left, else until the full number may. */
  readonly resetSeconds: number
}

interface Bucket {
  level: number
  at: number
}

const minuteMs = 60_000
const maxBuckets = 10_000

/** Counts requests per name in buckets that fill evenly: a whole minute's requests may come at once, then at their rate. */
export class RateLimit {
  readonly #clock: Clock
  readonly #buckets = new BoundedMap<string, Bucket>(maxBuckets)

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock
  }

  /** Takes one request of `name` from its `perMinute`. */
  take(name: string, perMinute: number): Allowance {
    const now = this.#clock.now().getTime()
    const bucket = this.#buckets.get(name) ?? { level: perMinute, at: now }
    const refilled = bucket.level + (Math.max(0, now - bucket.at) * perMinute) / minuteMs
    const level = Math.min(perMinute, refilled)
    const isAllowed = level >= 1
    const left = isAllowed ? level - 1 : level
    this.#buckets.put(name, { level: left, at: now })
    const missing = left >= 1 ? perMinute - left : 1 - left
    return {
      isAllowed,
      limit: perMinute,
      remaining: Math.floor(left),
      resetSeconds: Math.ceil((missing * minuteMs) / perMinute / 1000),
    }
  }
}

/** Tells in the answer what is left. Raises `rate_limited`, saying whose limit it is, when nothing was. */
export function tellAllowance(reply: FastifyReply, allowance: Allowance, whoMayMake: string): void {
  void reply.headers({
    'ratelimit-limit': allowance.limit,
    'ratelimit-remaining': allowance.remaining,
    'ratelimit-reset': allowance.resetSeconds,
  })
  if (allowance.isAllowed) return
  throw new AppError('rate_limited', {
    message: `${whoMayMake} ${allowance.limit} requests a minute; try again in ${allowance.resetSeconds} s`,
    details: { retryAfterSeconds: allowance.resetSeconds },
  })
}
