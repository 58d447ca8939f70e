// The rows of the settings table about what is kept, where and for how long.
import { setting } from './setting.ts'
import { encryptionKeysText, integerText, optionalMatch, optionalText, unquoted } from './setting-forms.ts'

export const storageSettings = {
  dataDir: setting({
    group: 'Storage',
    env: 'APP_DATA_DIR',
    flag: 'data-dir',
    type: 'text',
    default: '',
    defaultNote: '`data` in the installation folder',
    description:
      'Folder for the database, media and QR pictures; a relative path counts from the installation folder, never from the working directory.',
    schema: optionalText,
  }),
  databaseUri: setting({
    group: 'Storage',
    env: 'DB_URI',
    flag: 'db-uri',
    type: 'text',
    default: '',
    defaultNote: '`file:gatewa.db` in the data folder',
    secret: true,
    description:
      'file:<path> for SQLite (a relative path counts from the data folder) or postgres://user:password@host/database.',
    schema: unquoted(
      optionalMatch(
        /^(file:(\/\/)?[^/?]|file:(\/\/)?\/[^?]|postgres(ql)?:\/\/[^\s]+)/,
        'write file:<path> or postgres://user:password@host/database',
      ),
    ),
  }),
  encryptionKey: setting({
    group: 'Storage',
    env: 'APP_ENCRYPTION_KEY',
    flag: 'encryption-key',
    type: 'text',
    default: '',
    secret: true,
    description:
      'Encrypts the keys of linked devices and the secrets of webhooks in the database with this key: 32 random bytes as base64 or 64 hex digits. Without it nobody reads them again, so keep a copy of it.',
    schema: encryptionKeysText.refine((keys) => keys.length <= 1, 'write one key'),
  }),
  encryptionKeyFile: setting({
    group: 'Storage',
    env: 'APP_ENCRYPTION_KEY_FILE',
    flag: 'encryption-key-file',
    type: 'text',
    default: '',
    description:
      'File with the key, in place of APP_ENCRYPTION_KEY; on further lines there may be older keys, as in APP_ENCRYPTION_OLD_KEYS.',
    schema: optionalText,
  }),
  encryptionOldKeys: setting({
    group: 'Storage',
    env: 'APP_ENCRYPTION_OLD_KEYS',
    flag: 'encryption-old-keys',
    type: 'list',
    default: '',
    secret: true,
    description:
      'Keys from which the database goes over to the present one at the next start; afterwards they are not needed.',
    schema: encryptionKeysText,
  }),
  keepEventsDays: setting({
    group: 'Storage',
    env: 'APP_KEEP_EVENTS_DAYS',
    flag: 'keep-events-days',
    type: 'integer',
    default: '14',
    unit: 'days',
    description:
      'How long events are kept for reading and replay; at least a day longer than WHATSAPP_WEBHOOK_RETRY_HOURS.',
    schema: integerText(2, 3650),
  }),
  keepAuditDays: setting({
    group: 'Storage',
    env: 'APP_KEEP_AUDIT_DAYS',
    flag: 'keep-audit-days',
    type: 'integer',
    default: '365',
    unit: 'days',
    description: 'How long entries of the audit log are kept; 0 for ever.',
    schema: integerText(0, 36500),
  }),
  keepDeliveriesDays: setting({
    group: 'Storage',
    env: 'APP_KEEP_DELIVERIES_DAYS',
    flag: 'keep-deliveries-days',
    type: 'integer',
    default: '14',
    unit: 'days',
    description:
      'How long it is kept what became of deliveries to webhooks; at least a day longer than they are tried.',
    schema: integerText(1, 3650),
  }),
  keepMessagesDays: setting({
    group: 'Storage',
    env: 'APP_KEEP_MESSAGES_DAYS',
    flag: 'keep-messages-days',
    type: 'integer',
    default: '0',
    unit: 'days',
    description: 'How long messages are kept; 0 keeps them for ever.',
    schema: integerText(0, 36_500),
  }),
} as const
