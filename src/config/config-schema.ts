import { z } from 'zod'
import { mediaSettings } from './media-settings.ts'
import { serverSettings } from './server-settings.ts'
import { setting } from './setting.ts'
import { booleanText, optionalText, optionalUrl } from './setting-forms.ts'
import { storageSettings } from './storage-settings.ts'
import { tracingSettings } from './tracing-settings.ts'
import { webhookSettings } from './webhook-settings.ts'
import { whatsappSettings } from './whatsapp-settings.ts'

/**
 * Every setting there is. Names of the reference gateway are kept where it has the setting.
 * A flag wins over the environment, the environment over `.env`, `.env` over the default.
 */
export const settings = {
  ...serverSettings,
  ...storageSettings,
  ...whatsappSettings,
  ...mediaSettings,
  ...webhookSettings,
  debug: setting({
    group: 'Logging',
    env: 'APP_DEBUG',
    flag: 'debug',
    short: 'd',
    type: 'boolean',
    default: 'false',
    description: 'Short for APP_LOG_LEVEL=debug.',
    schema: booleanText,
  }),
  logLevel: setting({
    group: 'Logging',
    env: 'APP_LOG_LEVEL',
    flag: 'log-level',
    type: 'choice',
    default: 'info',
    choices: ['error', 'warn', 'info', 'debug', 'trace'],
    description: 'How much is logged.',
    schema: z.enum(['error', 'warn', 'info', 'debug', 'trace'], 'write error, warn, info, debug or trace'),
  }),
  logFormat: setting({
    group: 'Logging',
    env: 'APP_LOG_FORMAT',
    flag: 'log-format',
    type: 'choice',
    default: 'auto',
    choices: ['auto', 'pretty', 'json'],
    description: 'pretty for people, json for machines; auto is pretty on a terminal.',
    schema: z.enum(['auto', 'pretty', 'json'], 'write auto, pretty or json'),
  }),
  ...tracingSettings,
  backupPassphrase: setting({
    group: 'Command line',
    env: 'GATEWA_BACKUP_PASSPHRASE',
    flag: 'backup-passphrase',
    type: 'text',
    default: '',
    secret: true,
    description: 'What backup encrypts with and restore decrypts with; 12 characters at least.',
    schema: optionalText,
  }),
  gatewayUrl: setting({
    group: 'Command line',
    env: 'GATEWA_URL',
    flag: 'url',
    type: 'text',
    default: '',
    defaultNote: 'made of APP_HOST, APP_PORT and APP_BASE_PATH',
    description: 'The running gateway that login, devices and the other commands talk to.',
    schema: optionalUrl(['http', 'https']).transform((text) => text?.replace(/\/+$/, '')),
  }),
} as const

export type SettingKey = keyof typeof settings

/** What each setting's text was turned into. @sensitive */
export type SettingValues = { readonly [Key in SettingKey]: z.output<(typeof settings)[Key]['schema']> }
