import { readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type CatalogueEntry, catalogue, processMetrics } from '../../src/metrics/metric-catalogue.ts'

const entries: readonly CatalogueEntry[] = Object.values(catalogue)

/** Labels by series name: what a scrape has, with what Prometheus adds. */
const series = new Map<string, ReadonlySet<string> | 'any'>([
  ['up', new Set(['job', 'instance'])],
  ...processMetrics.map((name) => [name, 'any'] as const),
])
for (const { name, labels, type } of entries) {
  const all = new Set([...labels, 'job', 'instance'])
  if (type !== 'histogram') series.set(name, all)
  else for (const suffix of ['_bucket', '_sum', '_count']) series.set(name + suffix, new Set([...all, 'le']))
}

/** Label values that the code knows; others are free. */
const values: Readonly<Record<string, readonly string[]>> = {
  state: ['open', 'connecting', 'pairing', 'waiting', 'parked', 'idle'],
  outcome: ['accepted', 'refused', 'unknown'],
  reason: ['logged-out', 'banned', 'unusable'],
}

/** What is wrong with a query: not PromQL, or it asks for what no scrape has. */
function problemsOf(query: string): string[] {
  const text = query.replaceAll('$__rate_interval', '5m')
  const tree = parser.parse(text)
  const problems: string[] = []
  /** Texts of the nodes of a kind between two places. */
  const within = (kind: string, from: number, to: number): string[] => {
    const found: string[] = []
    tree.iterate({
      from,
      to,
      enter(node) {
        if (node.name === kind && node.from >= from && node.to <= to)
          found.push(text.slice(node.from, node.to))
      },
    })
    return found
  }
  const check = (metric: string, labels: readonly string[]) => {
    const known = series.get(metric)
    if (known === undefined) problems.push(`there is no ${metric}`)
    else if (known !== 'any') {
      for (const label of labels) if (!known.has(label)) problems.push(`${metric} has no label ${label}`)
    }
  }
  let asked = 0
  tree.iterate({
    enter({ type, name, from, to, node }) {
      if (type.isError) problems.push(`not PromQL at ${from}: ${text}`)
      if (name === 'VectorSelector') {
        asked += 1
        check(within('Identifier', from, to).join(), within('LabelName', from, to))
      }
      if (name === 'GroupingLabels') {
        const whole = node.parent?.parent ?? node
        for (const metric of within('Identifier', whole.from, whole.to))
          check(metric, within('LabelName', from, to))
      }
      if (name === 'UnquotedLabelMatcher') {
        const [, label = '', value = ''] = /^(\w+)(?:=~|!~|!=|=)"(.*)"$/.exec(text.slice(from, to)) ?? []
        for (const each of value.split('|'))
          if (values[label]?.includes(each) === false) problems.push(`no ${label} ${each}: ${text}`)
      }
    },
  })
  if (asked === 0) problems.push(`asks for no metric: ${text}`)
  return problems
}

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[]
}

const read = (path: string) => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8')

describe('the check of queries', () => {
  it.each([
    ['sum(gatewa_sends)', 'there is no gatewa_sends'],
    ['sum by (chat) (gatewa_sends_total)', 'gatewa_sends_total has no label chat'],
    ['gatewa_devices{state="broken"}', 'no state broken: gatewa_devices{state="broken"}'],
    ['sum(rate(gatewa_sends_total[5m])', 'not PromQL'],
    ['1 > 0', 'asks for no metric'],
  ])('finds what is wrong with %s', (query, problem) => {
    expect(problemsOf(query).join('\n')).toContain(problem)
  })
})

describe('deploy/grafana/gatewa.json', () => {
  const { panels } = JSON.parse(read('grafana/gatewa.json')) as { panels: readonly Panel[] } // held to its shape below
  const queries = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => [title, expr, legendFormat] as const),
  )

  it.each(queries)('%s: %s', (_title, expr, legend) => {
    expect(problemsOf(expr)).toEqual([])
    for (const [, label] of legend.matchAll(/\{\{(\w+)\}\}/g)) {
      if (label !== 'instance') expect(expr).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b`))
    }
  })

  it('shows every metric of the gateway', () => {
    const all = queries.map(([, expr]) => expr).join('\n')
    expect(entries.map(({ name }) => name).filter((name) => !all.includes(name))).toEqual([])
  })

  it('has panels that do not overlap, each with its own number', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const taken = new Set<string>()
    for (const { title, gridPos } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken, title).not.toContain(`${x}/${y}`)
          taken.add(`${x}/${y}`)
        }
      }
    }
  })
})

describe('deploy/prometheus/alerts.yml', () => {
  interface Rule {
    readonly alert: string
    readonly expr: string
    readonly labels: { readonly severity: string }
    readonly annotations: { readonly summary: string; readonly description: string }
  }
  const { groups } = parse(read('prometheus/alerts.yml')) as { groups: readonly { rules: readonly Rule[] }[] } // held to its shape below
  const rules = groups.flatMap((group) => group.rules)

  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s', (_name, rule) => {
    expect(problemsOf(rule.expr)).toEqual([])
    expect(['warning', 'critical']).toContain(rule.labels.severity)
    expect(rule.annotations.summary).toMatch(/\{\{ \$labels\.instance \}\}/)
    expect(rule.annotations.description).toBeTruthy()
  })

  it('names every rule once', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    expect(rules.length).toBeGreaterThan(10)
  })
})
