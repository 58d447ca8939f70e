/** What a metric is: its name, what it tells, and what it is told apart by. */
export interface MetricDefinition {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
}

/** One series of a metric, as a scrape shows it. */
export interface Sample {
  readonly labels: readonly string[]
  readonly value: number
}

/** Counts things that happen. Costs a look-up in a map; nothing is made ready for it before the first one. */
export class Counter {
  readonly #values = new Map<string, { readonly labels: readonly string[]; value: number }>()

  constructor(labelled: boolean) {
    // A series that begins at zero shows its first step.
    if (!labelled) this.add([], 0)
  }

  /** `labels` are the values of the definition's labels, in their order. */
  add(labels: readonly string[], by = 1): void {
    const key = labels.join('\n')
    const known = this.#values.get(key)
    if (known === undefined) this.#values.set(key, { labels: [...labels], value: by })
    else known.value += by
  }

  samples(): readonly Sample[] {
    return [...this.#values.values()]
  }
}

/** A histogram's series for one set of labels. `buckets` counts what fell into each, not what fell below its bound. */
export interface Distribution {
  readonly labels: readonly string[]
  readonly buckets: Float64Array
  sum: number
  count: number
}

/** Sorts values into buckets by upper bound; what is above the last one counts in none. */
export class Histogram {
  readonly bounds: readonly number[]
  readonly #series = new Map<string, Distribution>()

  constructor(bounds: readonly number[], labelled: boolean) {
    this.bounds = bounds
    if (!labelled) this.#of([])
  }

  observe(labels: readonly string[], value: number): void {
    const series = this.#of(labels)
    series.sum += value
    series.count += 1
    const place = this.bounds.findIndex((bound) => value <= bound)
    if (place >= 0) series.buckets[place] = (series.buckets[place] ?? 0) + 1
  }

  get series(): readonly Readonly<Distribution>[] {
    return [...this.#series.values()]
  }

  #of(labels: readonly string[]): Distribution {
    const key = labels.join('\n')
    const known = this.#series.get(key)
    if (known !== undefined) return known
    const made = { labels: [...labels], buckets: new Float64Array(this.bounds.length), sum: 0, count: 0 }
    this.#series.set(key, made)
    return made
  }
}
