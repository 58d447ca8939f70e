import { z } from 'zod'

/** A user name and password that may call the gateway. @sensitive */
export interface Credential {
  readonly user: string
  readonly password: string
}

const truths = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const falsehoods = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

/** A boolean in the spellings Go's strconv.ParseBool takes. */
export const booleanText = z
  .string()
  .refine((text) => truths.has(text) || falsehoods.has(text), 'write true or false (or 1, 0, t, f)')
  .transform((text) => truths.has(text))

/** A whole number within bounds. */
export function integerText(least: number, most: number) {
  const rule = `write a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^-?\d{1,15}$/, { error: rule, abort: true })
    .transform(Number)
    .refine((value) => value >= least && value <= most, rule)
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A length of time as in 90s, 5m, 24h, 1h30m or 1.5h, in whole milliseconds. */
export const durationText = z
  .string()
  .regex(/^(\d{1,6}(\.\d{1,6})?(ms|[smhd]))+$/, 'write a time such as 30s, 5m or 24h')
  .transform((text) =>
    Math.round(
      [...text.matchAll(/([\d.]+)(ms|[smhd])/g)].reduce(
        (sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0),
        0,
      ),
    ),
  )

/** Any text; '' means not set. */
export const optionalText = z.string().transform((text) => (text === '' ? undefined : text))

/** Text of one of the given forms; '' means not set. */
export function optionalMatch(form: RegExp, rule: string) {
  return z
    .string()
    .refine((text) => text === '' || form.test(text), rule)
    .transform((text) => (text === '' ? undefined : text))
}

/** Text whose quotes do not count: `docker run --env-file` passes on what a shell would take away. */
export function unquoted<Output>(schema: z.ZodType<Output, string>) {
  return z
    .string()
    .transform((text) => /^(['"])(.*)\1$/s.exec(text)?.[2] ?? text)
    .pipe(schema)
}

/** A list written with commas; blanks around entries and empty entries do not count. */
export function listOf(isEntry: (entry: string) => boolean, rule: string) {
  return z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    )
    .refine((entries) => entries.every(isEntry), rule)
}

/** A list `name=value,name=value`, the values percent-encoded. */
export const pairsText = z.string().transform((text, context): Readonly<Record<string, string>> => {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const pairs = entries.map((entry) => pairOf(entry))
  if (pairs.includes(null)) {
    context.addIssue({
      code: 'custom',
      message: 'write name=value, several with commas, values percent-encoded',
    })
  }
  return Object.fromEntries(pairs.filter((pair) => pair !== null))
})

function pairOf(entry: string): readonly [string, string] | null {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(entry) ?? []
  const key = name.trim()
  try {
    return key === '' ? null : [key, decodeURIComponent(value.trim())]
  } catch (thrown) {
    if (thrown instanceof URIError) return null
    throw thrown
  }
}

/** A URL with one of the given schemes (without the colon); '' means not set. */
export function optionalUrl(schemes: readonly string[]) {
  return z
    .string()
    .refine(
      (text) => text === '' || isUrl(text, schemes),
      `write a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    )
    .transform((text) => (text === '' ? undefined : text))
}

/** Whether the text is a URL with a host and one of the schemes (without the colon). */
export function isUrl(text: string, schemes: readonly string[]): boolean {
  const url = URL.parse(text)
  return url !== null && schemes.includes(url.protocol.slice(0, -1)) && url.hostname !== ''
}

/** Credentials as `user:password`, several with commas. */
export const credentialsText = z.string().transform((text, context): readonly Credential[] => {
  const entries = text.split(',').filter((entry) => entry.trim() !== '')
  return entries.flatMap((entry) => {
    const [user, password, ...more] = entry.trim().split(':')
    if (user === undefined || user === '' || password === undefined || password === '' || more.length > 0) {
      // The reference's own sentence, so that people find its answers.
      const message = 'Basic auth is not valid, please this following format <user>:<secret>'
      context.addIssue({ code: 'custom', message })
      return []
    }
    return [{ user, password }]
  })
})

/** A path prefix; '' or `/…` without a slash at the end. */
export const basePathText = z
  .string()
  .refine(
    (text) => text === '' || /^\/[A-Za-z0-9\-._~/]*$/.test(text),
    'write a path that starts with / (letters, digits and - . _ ~ /)',
  )
  .transform((text) => text.replace(/\/+$/, ''))

/** Three numbers with dots; '' means not set. */
export const webVersionText = z
  .string()
  .refine(
    (text) => text === '' || /^\d+\.\d+\.\d+$/.test(text),
    'write three numbers, as in 2.3000.1043857760',
  )
  .transform((text): readonly [number, number, number] | undefined => {
    const [major, minor, patch] = text.split('.').map(Number)
    return major === undefined || minor === undefined || patch === undefined
      ? undefined
      : [major, minor, patch]
  })

/** Keys of 32 bytes each, with commas: 64 hex digits or base64 (either alphabet). */
export const encryptionKeysText = z.string().transform((text, context): readonly Buffer[] => {
  const keys = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(encryptionKeyOf)
  if (keys.every((key) => key !== null)) return keys
  context.addIssue({ code: 'custom', message: encryptionKeyRule })
  return []
})

/** How a key has to be written. */
export const encryptionKeyRule =
  'write 32 random bytes as base64 or as 64 hex digits; "openssl rand -base64 32" makes some'

/** The bytes of a key; null for what is none. */
export function encryptionKeyOf(text: string): Buffer | null {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex')
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : null
}
