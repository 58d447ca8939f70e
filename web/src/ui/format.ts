/** `+15550100001`: how digits are grouped differs from country to country. */
export function formatPhone(digits: string): string {
  return `+${digits}`
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

/** `5 minutes ago`, `in 10 seconds`. */
export function fromNow(iso: string, now: number = Date.now()): string {
  const ms = Date.parse(iso) - now
  const [unit, size] = units.find(([, each]) => Math.abs(ms) >= each) ?? ['second', 1000]
  return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(Math.round(ms / size), unit)
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** `14:05`. */
export function timeOfDay(iso: string): string {
  return clock.format(new Date(iso))
}

/** Date and time in full. */
export function fullTime(iso: string): string {
  return full.format(new Date(iso))
}

/** `Today`, `Yesterday`, a weekday with its date, or the date with its year. */
export function dayOf(iso: string, now: Date = new Date()): string {
  const at = new Date(iso)
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  return at.getFullYear() === now.getFullYear() ? weekday.format(at) : dayOfYear.format(at)
}

/** The time of today's, the date of older things. */
export function shortTime(iso: string, now: Date = new Date()): string {
  const at = new Date(iso)
  return startOfDay(at) === startOfDay(now) ? clock.format(at) : dayOfYear.format(at)
}

/** `1.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const steps = ['kB', 'MB', 'GB']
  const step = Math.min(Math.floor(Math.log10(bytes) / 3), steps.length)
  return `${(bytes / 1000 ** step).toFixed(1)} ${steps[step - 1]}`
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

/** A person's JID as people know it: `+15550100001`; other JIDs as they are. */
export function shownAddress(jid: string): string {
  return jid.replace(/^(\d+)@s\.whatsapp\.net$/, '+$1')
}
