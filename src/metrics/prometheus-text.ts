import type { Histogram, MetricDefinition, Sample } from './instruments.ts'

/** A counter's lines in Prometheus' text format, comments included; only the comments while it has no series. */
export function counterText(definition: MetricDefinition, samples: readonly Sample[]): string {
  return head(definition, 'counter') + lines(definition, samples)
}

/** A gauge's lines. */
export function gaugeText(definition: MetricDefinition, samples: readonly Sample[]): string {
  return head(definition, 'gauge') + lines(definition, samples)
}

/** A histogram's lines: for each series what is at or below each bound, the sum and the count. */
export function histogramText(definition: MetricDefinition, { bounds, series }: Histogram): string {
  const { name, labels } = definition
  const rows = series.flatMap((each) => {
    let below = 0
    const buckets = bounds.map((bound, place) => {
      below += each.buckets[place] ?? 0
      return line(`${name}_bucket`, [...labels, 'le'], [...each.labels, String(bound)], below)
    })
    return [
      ...buckets,
      line(`${name}_bucket`, [...labels, 'le'], [...each.labels, '+Inf'], each.count),
      line(`${name}_sum`, labels, each.labels, each.sum),
      line(`${name}_count`, labels, each.labels, each.count),
    ]
  })
  return head(definition, 'histogram') + rows.join('')
}

function head({ name, help }: MetricDefinition, type: string): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`
}

function lines({ name, labels }: MetricDefinition, samples: readonly Sample[]): string {
  return samples.map((sample) => line(name, labels, sample.labels, sample.value)).join('')
}

function line(name: string, labels: readonly string[], values: readonly string[], value: number): string {
  const pairs = labels.map((label, place) => `${label}="${escaped(values[place] ?? '')}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
