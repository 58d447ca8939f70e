import { type LoggerOptions, pino } from 'pino'
import type { Logger } from '../core/logger.ts'
import type { LogConfig } from './config.ts'

/** Where lines go: a stream that tells whether a person looks at it. */
export interface LogTarget {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Names whose values never reach a log, at the top of a line's fields or one level down. */
const secretNames = [
  'password',
  'secret',
  'token',
  'authorization',
  'credentials',
  'credential',
  'creds',
  'key',
  'keys',
  'privateKey',
  'noiseKey',
  'body',
  'text',
  'raw',
]

const options: LoggerOptions = {
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  serializers: { error: pino.stdSerializers.errWithCause, err: pino.stdSerializers.errWithCause },
  redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
}

/** What else every line says, asked anew for each. */
export type LineFields = () => object

/**
 * Makes the logger: lines for people on a terminal, one JSON object per line otherwise, as `format` says.
 * Writes at once, so that nothing is lost when the process ends.
 */
export async function createLogger(
  config: LogConfig,
  target: LogTarget = process.stdout,
  lineFields: LineFields | null = null,
): Promise<Logger> {
  const isPretty = config.format === 'pretty' || (config.format === 'auto' && target.isTTY === true)
  const stream = isPretty ? await prettyStream(target) : { write: (line: string) => void target.write(line) }
  const mixin = lineFields === null ? {} : { mixin: lineFields }
  return pino({ ...options, ...mixin, level: config.level }, stream)
}

async function prettyStream(target: LogTarget) {
  // Loaded only where somebody looks: it costs start time.
  const { prettyFactory } = await import('pino-pretty')
  const colorize = target.isTTY === true
  const pretty = prettyFactory({
    colorize,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    levelFirst: false,
  })
  return { write: (line: string) => void target.write(pretty(line)) }
}
