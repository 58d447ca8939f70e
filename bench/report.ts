/** What we want to reach: a bound, or a multiple of what plain Baileys does in the same run. */
export type Aim = { readonly below: number } | { readonly timesPlain: number }

/** One measured figure of one subject. */
export interface Row {
  readonly what: string
  readonly unit: string
  readonly subject: string
  readonly value: number
  /** Given with our own figures only. */
  readonly aim?: Aim
}

/** Prints figures side by side with the ratio to plain Baileys, then everything as one line of JSON. */
export function printReport(rows: readonly Row[]): void {
  const lines = [...new Set(rows.map(({ what }) => what))].map((what) => toCells(what, rows))
  const head = ['what', 'gatewa', 'plain baileys', 'ratio', 'aim', '']
  const widths = head.map((title, at) =>
    Math.max(title.length, ...lines.map((line) => line[at]?.length ?? 0)),
  )
  const show = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd()
  console.log([show(head), show(widths.map((width) => '-'.repeat(width))), ...lines.map(show)].join('\n'))
  const results = rows.map((row) => ({ ...row, isMet: isMet(row, ratioOf(row.what, rows)) }))
  console.log(JSON.stringify({ node: process.version, at: new Date().toISOString(), rows: results }))
}

function toCells(what: string, rows: readonly Row[]): string[] {
  const ours = rows.find((row) => row.what === what && row.subject === 'gatewa')
  const plain = rows.find((row) => row.what === what && row.subject !== 'gatewa')
  const ratio = ratioOf(what, rows)
  return [
    what,
    ours ? format(ours.value, ours.unit) : '',
    plain ? format(plain.value, plain.unit) : '',
    ratio === null ? '' : `${ratio.toFixed(ratio < 10 ? 2 : 1)}x`,
    ours?.aim ? describe(ours.aim, ours.unit) : '',
    ours ? verdict(isMet(ours, ratio)) : '',
  ]
}

function ratioOf(what: string, rows: readonly Row[]): number | null {
  const ours = rows.find((row) => row.what === what && row.subject === 'gatewa')
  const plain = rows.find((row) => row.what === what && row.subject !== 'gatewa')
  return ours && plain ? ours.value / plain.value : null
}

/** Null without an aim, and where plain Baileys was not measured. */
function isMet({ aim, value }: Row, ratio: number | null): boolean | null {
  if (aim === undefined) return null
  if ('below' in aim) return value < aim.below
  return ratio === null ? null : ratio >= aim.timesPlain
}

function verdict(isMet: boolean | null): string {
  return isMet === null ? '' : isMet ? 'met' : 'NOT MET'
}

function describe(aim: Aim, unit: string): string {
  return 'below' in aim ? `< ${aim.below} ${unit}` : `>= ${aim.timesPlain}x`
}

function format(value: number, unit: string): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toFixed(digits)} ${unit}`
}
