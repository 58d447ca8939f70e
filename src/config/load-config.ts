import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import ipaddr from 'ipaddr.js'
import { kindsNamed } from '../core/event-envelope.ts'
import { type Config, toConfig } from './config.ts'
import { type SettingKey, type SettingValues, settings } from './config-schema.ts'
import { readEncryptionKeys } from './encryption-keys.ts'
import { findInstallation, type Installation } from './installation.ts'
import type { Setting } from './setting.ts'
import { tracingProblems } from './tracing-config.ts'

/** What was typed on the command line, by setting; lists may come as several texts, and '' stands for the default. */
export type Flags = Partial<Readonly<Record<SettingKey, string | boolean | readonly string[]>>>

/** Where the values come from; the process's own surroundings when absent (tests name theirs). */
export interface ConfigSources {
  readonly flags?: Flags
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Folders to look for a `.env` in; the first that has one counts. Default: working directory, then installation. */
  readonly dotenvFolders?: readonly string[]
  readonly installation?: Installation
}

/** A checked configuration with what is worth a warning, or every mistake at once. No text holds a secret. */
export type LoadedConfig =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Settings of the reference that this gateway lacks: name or prefix, and what to know. */
const absentSettings: readonly (readonly [name: string, reason: string])[] = [
  ['CHATWOOT_*', 'Chatwoot is not offered'],
  ['DB_KEYS_URI', 'keys are kept in the database of DB_URI'],
  ['APP_UI_*', 'the dashboard comes with the gateway'],
  ['MCP_OAUTH_*', 'MCP takes basic credentials and API keys'],
  ['CHAT_STORAGE_MAX_OPEN_CONNS', 'the history is kept in the database of DB_URI'],
  ['WHATSAPP_CHAT_STORAGE', 'the history is always stored'],
]

/** Reads flags, environment, `.env` and defaults, in this order. The only reader of the process's environment. */
export function loadConfig(sources: ConfigSources = {}): LoadedConfig {
  const installation = sources.installation ?? findInstallation()
  const environment = sources.environment ?? process.env
  const dotenv = readDotenv(sources.dotenvFolders ?? [process.cwd(), installation.root])
  const problems: string[] = []
  const warnings: string[] = []
  const values: Partial<Record<SettingKey, unknown>> = {}

  for (const [key, row] of entries()) {
    const given = flagText(sources.flags?.[key])
    // A flag that is there but empty goes back to the default: it takes back what the environment says.
    const text = given ?? (nonEmpty(environment[row.env]) || nonEmpty(dotenv[row.env]))
    const parsed = row.schema.safeParse(nonEmpty(text) || row.default)
    if (parsed.success) values[key] = parsed.data
    else problems.push(...parsed.error.issues.map((issue) => describeProblem(row, text, issue.message)))
  }
  warnings.push(...absentWarnings({ ...dotenv, ...environment }))
  const { host, basicAuth, allowNoAuth } = values as Partial<SettingValues> // each was parsed by its own schema
  const isOpen = host !== undefined && basicAuth?.length === 0 && !isLoopback(host)
  if (isOpen && allowNoAuth === false) problems.push(openGatewayProblem(host))
  problems.push(...s3Problems(values), ...tracingProblems(values as Partial<SettingValues>)) // as above
  const encryption = readEncryptionKeys(values)
  if ('problem' in encryption) problems.push(encryption.problem)
  if (problems.length > 0 || 'problem' in encryption) return { ok: false, problems: [...new Set(problems)] }

  const checked = values as SettingValues // no problem: every key of the table has its value
  if (isOpen)
    warnings.push(`APP_ALLOW_NO_AUTH is on: everybody who reaches ${host} can use the linked accounts`)
  const unknownKinds = checked.webhookEvents.filter((kind) => kindsNamed(kind).length === 0)
  if (unknownKinds.length > 0)
    warnings.push(
      `WHATSAPP_WEBHOOK_EVENTS names ${unknownKinds.join(', ')}, which is no kind of event: nothing is delivered for it`,
    )

  const dataDir = resolve(installation.root, checked.dataDir ?? 'data')
  const databaseUri = absoluteDatabaseUri(checked.databaseUri, dataDir)
  return {
    ok: true,
    config: toConfig(checked, {
      version: installation.version,
      dataDir,
      databaseUri,
      encryptionKeys: encryption.keys,
      searchPath: nonEmpty(environment['PATH']),
    }),
    warnings,
  }
}

/** The rows of the table with their keys. */
export function entries(): readonly (readonly [SettingKey, Setting])[] {
  return Object.entries(settings) as [SettingKey, Setting][] // Object.entries widens the keys to string
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback'
}

function nonEmpty(text: string | undefined): string {
  return text ?? ''
}

function flagText(flag: string | boolean | readonly string[] | undefined): string | undefined {
  if (flag === undefined) return undefined
  return typeof flag === 'object' ? flag.join(',') : String(flag)
}

function readDotenv(folders: readonly string[]): Readonly<Record<string, string | undefined>> {
  const path = folders.map((folder) => join(folder, '.env')).find((candidate) => existsSync(candidate))
  return path === undefined ? {} : parseEnv(readFileSync(path, 'utf8'))
}

function describeProblem(row: Setting, text: string | undefined, rule: string): string {
  const shown = row.secret === true || text === undefined ? '' : ` is "${text}"`
  return `${row.env} (--${row.flag})${shown}: ${rule}`
}

function absentWarnings(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const own = new Set<string>(entries().map(([, row]) => row.env))
  const names = Object.keys(given).filter((name) => nonEmpty(given[name]) !== '' && !own.has(name))
  return absentSettings.flatMap(([pattern, reason]) =>
    names.some((name) => isOneOf(name, pattern)) ? [`${pattern} is ignored: ${reason}`] : [],
  )
}

/** Why a setting of the reference does nothing here; null when it is none that is known to be absent. */
export function absentSetting(name: string): string | null {
  return absentSettings.find(([pattern]) => isOneOf(name, pattern))?.[1] ?? null
}

function isOneOf(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function openGatewayProblem(host: string): string {
  return `APP_HOST is "${host}", which others can reach, and APP_BASIC_AUTH is empty: set APP_BASIC_AUTH=<user>:<secret>, or listen on 127.0.0.1, or set APP_ALLOW_NO_AUTH=true if something else guards the gateway`
}

/** An S3 store is named as a whole or not at all. */
function s3Problems(values: Partial<Readonly<Record<SettingKey, unknown>>>): readonly string[] {
  const parts = ['s3Endpoint', 's3Bucket', 's3AccessKey', 's3SecretKey'] as const
  const missing = parts.filter((key) => values[key] === undefined)
  if (missing.length === 0 || missing.length === parts.length) return []
  return [`an S3 store needs ${missing.map((key) => settings[key].env).join(', ')} too`]
}

/** SQLite paths become absolute, so that nothing depends on the working directory; the reference's query part is dropped. */
function absoluteDatabaseUri(uri: string | undefined, dataDir: string): string {
  if (uri === undefined) return `file:${join(dataDir, 'gatewa.db')}`
  if (!uri.startsWith('file:')) return uri
  const path = uri
    .slice('file:'.length)
    .replace(/^\/\/(?=\/)/, '')
    .replace(/\?.*$/, '')
  return `file:${resolve(dataDir, path)}`
}
