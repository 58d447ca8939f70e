// Reads Prometheus' text format as strictly as Prometheus does, so that a test sees what a scrape would refuse.

/** A metric as it was scraped. */
export interface ScrapedMetric {
  readonly name: string
  readonly type: string
  readonly help: string
  /** By name and labels, as written. */
  readonly series: ReadonlyMap<string, number>
}

const nameForm = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const lineForm = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/
const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}

/** The metrics of a scrape by name. Throws on whatever is not well-formed: an unknown line, a series twice, a gap in a histogram. */
export function readScrape(text: string): Map<string, ScrapedMetric> {
  const metrics = new Map<string, ScrapedMetric & { series: Map<string, number> }>()
  let help: { name: string; text: string } | null = null
  let current: (ScrapedMetric & { series: Map<string, number> }) | null = null
  if (!text.endsWith('\n')) throw new Error('no newline at the end')
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (kind === 'HELP') help = { name, text: rest }
    else if (kind === 'TYPE') {
      if (help?.name !== name || !nameForm.test(name) || metrics.has(name) || !(rest in suffixes))
        throw new Error(`not a beginning of a metric: ${line}`)
      current = { name, type: rest, help: help.text, series: new Map() }
      metrics.set(name, current)
    } else {
      const [, series = '', labels = '', value = ''] = lineForm.exec(line) ?? []
      const suffix = series.slice(current?.name.length ?? 0)
      if (current === null || !series.startsWith(current.name) || !suffixes[current.type]?.includes(suffix))
        throw new Error(`not a series of ${current?.name ?? 'anything'}: ${line}`)
      const key = `${series}{${labels}}`
      const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)
      if (Number.isNaN(number) && value.toLowerCase() !== 'nan') throw new Error(`no number: ${line}`)
      if (current.series.has(key)) throw new Error(`twice: ${line}`)
      current.series.set(key, number)
    }
  }
  for (const metric of metrics.values()) if (metric.type === 'histogram') checkHistogram(metric)
  return metrics
}

/** Buckets never fall, the last is +Inf, and it is the count. */
function checkHistogram({ name, series }: ScrapedMetric): void {
  const buckets = Map.groupBy(
    [...series].filter(([key]) => key.startsWith(`${name}_bucket`)),
    ([key]) =>
      key
        .replace(/,?le="[^"]*"/, '')
        .replace('{,', '{')
        .replace('_bucket{', '_count{'),
  )
  for (const [countKey, rows] of buckets) {
    const values = rows.map(([, value]) => value)
    const isRising = values.every((value, place) => place === 0 || value >= (values[place - 1] ?? 0))
    if (!isRising || !rows.at(-1)?.[0].includes('le="+Inf"') || values.at(-1) !== series.get(countKey))
      throw new Error(`no histogram: ${JSON.stringify([countKey, values])}`)
  }
}
