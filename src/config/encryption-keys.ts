import { readFileSync } from 'node:fs'
import { toError } from '../core/app-error.ts'
import { type SettingKey, settings } from './config-schema.ts'
import { encryptionKeyOf, encryptionKeyRule } from './setting-forms.ts'

/** The keys that the settings name, the present one first, or what is wrong with them. */
export function readEncryptionKeys(
  values: Partial<Readonly<Record<SettingKey, unknown>>>,
): { readonly keys: readonly Buffer[] } | { readonly problem: string } {
  const of = (key: SettingKey) => (values[key] ?? []) as readonly Buffer[] // parsed by the setting's own schema
  const present = of('encryptionKey')
  const path = values.encryptionKeyFile
  const older = of('encryptionOldKeys')
  const [key, file, old] = [settings.encryptionKey, settings.encryptionKeyFile, settings.encryptionOldKeys]
  if (typeof path === 'string') {
    if (present.length > 0) return { problem: `set ${key.env} or ${file.env}, not both` }
    const read = readKeyFile(path)
    return 'problem' in read
      ? { problem: `${file.env} names ${path}: ${read.problem}` }
      : { keys: distinct([...read.keys, ...older]) }
  }
  if (present.length === 0 && older.length > 0) return { problem: `${old.env} needs ${key.env} too` }
  return { keys: distinct([...present, ...older]) }
}

function readKeyFile(path: string): { readonly keys: readonly Buffer[] } | { readonly problem: string } {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return { problem: `it cannot be read (${toError(error).message})` }
  }
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const keys = lines.flatMap((line) => encryptionKeyOf(line) ?? [])
  if (keys.length === 0 || keys.length < lines.length) return { problem: encryptionKeyRule }
  return { keys }
}

function distinct(keys: readonly Buffer[]): readonly Buffer[] {
  return [...new Map(keys.map((key) => [key.toString('hex'), key])).values()]
}
