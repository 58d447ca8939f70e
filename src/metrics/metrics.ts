import type { Answered } from '../http/server.ts'
import type { FreshFact } from '../inbox/inbox.ts'
import { Counter, Histogram, type Sample } from './instruments.ts'
import {
  type CatalogueEntry,
  type CounterKey,
  catalogue,
  type GaugeKey,
  type HistogramKey,
  type MetricKey,
} from './metric-catalogue.ts'
import { counterText, gaugeText, histogramText } from './prometheus-text.ts'

/** Where the gauges come from; each is asked at every scrape. */
export type GaugeReaders = {
  readonly [Key in GaugeKey]: () => readonly Sample[] | Promise<readonly Sample[]>
}

/**
 * What the gateway counts of itself. Counting is a look-up in a map; everything that a scrape needs beyond that, prom-client
 * with its metrics of the process included, is loaded at the first scrape.
 */
export class Metrics {
  readonly #counters = new Map<MetricKey, Counter>()
  readonly #histograms = new Map<MetricKey, Histogram>()
  #process: Promise<{ metrics(): Promise<string> }> | null = null

  constructor() {
    for (const [key, entry] of entries()) {
      const isLabelled = entry.labels.length > 0
      if (entry.type === 'counter') this.#counters.set(key, new Counter(isLabelled))
      if (entry.type === 'histogram') this.#histograms.set(key, new Histogram(entry.bounds, isLabelled))
    }
  }

  /** Lets series begin at zero before anything happened, so that their first step is seen. */
  begin(key: CounterKey, labels: readonly string[]): void {
    this.#counters.get(key)?.add(labels, 0)
  }

  /** Counts something that happened. `labels` are the values of the metric's labels, in the catalogue's order. */
  count(key: CounterKey, labels: readonly string[] = []): void {
    this.#counters.get(key)?.add(labels)
  }

  /** Notes how long something took. */
  observe(key: HistogramKey, seconds: number, labels: readonly string[] = []): void {
    this.#histograms.get(key)?.observe(labels, seconds)
  }

  /** Counts an answer of the HTTP side. */
  countAnswer({ method, route, status, seconds }: Answered): void {
    this.count('httpRequests', [method, route ?? 'none', String(status)])
    if (seconds !== null) this.observe('httpSeconds', seconds, [method, route ?? 'none'])
  }

  /** Counts messages that were new here. */
  countReceived(facts: readonly FreshFact[]): void {
    for (const fact of facts) {
      if (fact.type !== 'message.received') continue
      const { isFromMe, contentType } = fact.message
      this.count('received', [isFromMe ? 'own_device' : 'contact', contentType])
    }
  }

  /** Everything in Prometheus' text format. Rejects when a gauge cannot be read. */
  async text(gauges: GaugeReaders): Promise<string> {
    const own = await Promise.all(
      entries().map(async ([key, entry]) => {
        const counter = this.#counters.get(key)
        if (counter !== undefined) return counterText(entry, counter.samples())
        const histogram = this.#histograms.get(key)
        if (histogram !== undefined) return histogramText(entry, histogram)
        return gaugeText(entry, await gauges[key as GaugeKey]()) // what is neither counter nor histogram
      }),
    )
    this.#process ??= processMetrics()
    return `${own.join('')}${await (await this.#process).metrics()}`
  }
}

async function processMetrics(): Promise<{ metrics(): Promise<string> }> {
  const { collectDefaultMetrics, Registry } = await import('prom-client')
  const register = new Registry()
  collectDefaultMetrics({ register })
  return register
}

function entries(): [MetricKey, CatalogueEntry][] {
  return Object.entries(catalogue) as [MetricKey, CatalogueEntry][] // Object.entries widens the keys to string
}
