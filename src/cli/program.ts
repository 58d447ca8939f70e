import { Command } from 'commander'
import { findInstallation } from '../config/installation.ts'
import { entries, type Flags } from '../config/load-config.ts'
import { addSettingOptions, describeSetting, readFlags } from './setting-options.ts'
import type { Terminal } from './terminal.ts'

/** Builds the command line. Each command loads what it needs only when it runs, so that `--help` and `serve` start fast. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command('gatewa')
    .description('A self-hosted WhatsApp gateway: REST, webhooks and WebSocket for many linked devices.')
    .version(findInstallation().version)
    .configureOutput({ writeErr: (text) => terminal.tell(text.trimEnd()) })
    .showHelpAfterError('(add --help for what there is)')
    .addHelpText('after', () => `\n${settingsOverview()}`)

  add(program, 'serve', 'Run the gateway.', async (flags) => {
    const { serve } = await import('../main.ts')
    await serve(flags)
  }).alias('rest')

  add(
    program,
    'sandbox',
    'Run the gateway joined to a simulated WhatsApp: no phone, no internet.',
    async (flags) => {
      const { runSandbox } = await import('./sandbox.ts')
      await runSandbox(flags, terminal)
    },
  )

  add(
    program,
    'login [device]',
    'Link a device: show the QR code (or pairing code) and wait.',
    async (flags, options, device) => {
      const { runLogin } = await import('./login.ts')
      const { phone } = options
      await runLogin({ flags, device, ...(typeof phone === 'string' ? { phone } : {}) }, terminal)
    },
  ).option(
    '--phone <number>',
    'show a pairing code to type on the phone with this number (with country code, no +)',
  )

  add(program, 'devices', 'List the devices of the running gateway.', async (flags, options) => {
    const { runDevices } = await import('./devices.ts')
    await runDevices(flags, { json: options['json'] === true }, terminal)
  }).option('--json', 'print JSON')

  const doctor = add(
    program,
    'doctor',
    'Check everything the gateway needs, and say what to do.',
    async (flags, options) => {
      const { runDoctor } = await import('./doctor.ts')
      // Alone, --webhook asks for the check of what is configured; with URLs it names them, as everywhere.
      const checkWebhooks = options['webhookUrls'] !== undefined
      const { webhookUrls, ...others } = flags
      const named = webhookUrls === true || webhookUrls === undefined ? others : flags
      process.exitCode = await runDoctor(named, { checkWebhooks }, terminal)
    },
  )
  doctor.options
    .filter((option) => option.long === '--webhook')
    .forEach((option) => {
      Object.assign(option, { required: false, optional: true, flags: '-w, --webhook [list]' })
      option.description = `Also send a signed ping to the webhooks and check the answer. ${option.description}`
    })

  const repeated = (line: string, before: readonly string[] = []) => [...before, line]
  add(
    program,
    'webhooks [action]',
    'Manage where events are posted: list, add, change or remove.',
    async (flags, options, action) => {
      const { runWebhooks } = await import('./webhooks.ts')
      await runWebhooks({ flags, options, action: action ?? 'list' }, terminal)
    },
  )
    .option('--endpoint <id>', 'the endpoint (change, remove)')
    .option('--device <id>', 'for this device; for all when left out (list, add)')
    .option('--to <url>', 'where events are posted (add, change)')
    .option('--secret <text>', 'key of the signatures; the gateway’s own when empty (add, change)')
    .option('--events <list>', 'kinds with commas, as in message.*; all of the reference when empty')
    .option('--ignore-jids <list>', 'chats and people not to be told of, as in *@g.us')
    .option('--header <line>', 'a further request header, "name: value"; may be repeated', repeated)
    .option('--format <form>', 'plain or cloudevents')
    .option('--when-gone <choice>', 'what an answer 410 does: retry, drop or disable')
    .option('--skip-tls <choice>', 'yes: do not check the TLS certificate')
    .option('--active <choice>', 'yes or no: whether it is in use')
    .option('--json', 'print JSON')

  add(
    program,
    'deliveries [action]',
    'Look at deliveries to webhooks: list, show, retry, replay or endpoints.',
    async (flags, options, action) => {
      const { runDeliveries } = await import('./deliveries.ts')
      await runDeliveries({ flags, options, action: action ?? 'list' }, terminal)
    },
  )
    .option('--endpoint <id>', 'of this webhook endpoint')
    .option('--event <id>', 'the event (show, retry)')
    .option('--device <id>', 'of this device (list, replay)')
    .option('--state <state>', 'pending, delivered or dead (list)')
    .option('--limit <count>', 'how many at most (list)')
    .option('--since <time>', 'events from then on, as in 2026-01-05T10:00:00Z (replay)')
    .option('--until <time>', 'events up to then (replay)')
    .option('--only-dead', 'only what was given up (replay)')
    .option('--json', 'print JSON')

  add(
    program,
    'keys [action]',
    'Manage API keys: list, create or revoke.',
    async (flags, options, action) => {
      const { runKeys } = await import('./keys.ts')
      await runKeys({ flags, options, action: action ?? 'list' }, terminal)
    },
  )
    .option('--name <text>', 'what the key is for (create)')
    .option('--scopes <list>', 'what it may do: read, send, manage, admin, with commas (create)')
    .option('--devices <list>', 'ids of the devices it may use; all when left out (create)')
    .option('--expires <time>', 'when it ends, as in 2027-01-05T10:00:00Z; never when left out (create)')
    .option('--recipients <list>', 'numbers or JIDs that it may write to; anybody when left out (create)')
    .option('--per-minute <count>', 'most requests a minute (create)')
    .option('--id <id>', 'the key (revoke)')
    .option('--json', 'print JSON')

  add(
    program,
    'audit [action]',
    'Read the audit log (list), or check that it is as it was written (verify).',
    async (flags, options, action) => {
      const { runAudit } = await import('./audit.ts')
      process.exitCode = await runAudit({ flags, options, action: action ?? 'list' }, terminal)
    },
  )
    .option('--actor <name>', 'only what this credential did (list)')
    .option('--device <id>', 'only what was done to this device (list)')
    .option('--operation <id>', 'only this operation (list)')
    .option('--limit <count>', 'how many at most (list)')
    .option('--json', 'print JSON')

  add(
    program,
    'person [action]',
    'Hand out (export) or erase what is kept about one person.',
    async (flags, options, action) => {
      const { runPerson } = await import('./person.ts')
      await runPerson({ flags, options, action: action ?? 'export' }, terminal)
    },
  )
    .option('--of <phone>', 'the person: a number with country code, or a JID')
    .option('--yes', 'erase without asking')

  add(
    program,
    'backup',
    'Write an encrypted backup of the database; the gateway may run meanwhile.',
    async (flags, options) => {
      const { runBackup } = await import('./backup.ts')
      await runBackup({ flags, options }, terminal)
    },
  )
    .option('--to <file>', 'the file to write')
    .option('--with-media', 'take the media files along')
    .option('--passphrase-file <file>', 'file with the passphrase, in place of GATEWA_BACKUP_PASSPHRASE')

  add(
    program,
    'restore',
    'Make a database out of a backup, on SQLite or PostgreSQL, whichever it was made on.',
    async (flags, options) => {
      const { runRestore } = await import('./backup.ts')
      await runRestore({ flags, options }, terminal)
    },
  )
    .option('--from <file>', 'the backup')
    .option('--original-is-stopped', 'the gateway that the backup is of does not run any more')
    .option('--passphrase-file <file>', 'file with the passphrase, in place of GATEWA_BACKUP_PASSPHRASE')

  add(
    program,
    'encryption [action]',
    'Say what the keys in the database are encrypted with (status), bring them under the present key (rotate), end it (off), or show the webhook secret that was made (webhook-secret).',
    async (flags, _options, action) => {
      const { runEncryption } = await import('./encryption.ts')
      await runEncryption({ flags, action: action ?? 'status' }, terminal)
    },
  )

  add(
    program,
    'renew-keys',
    'Make anew what devices send with, after the data was set back by other means than restore.',
    async (flags) => {
      const { runRenewKeys } = await import('./renew-keys.ts')
      await runRenewKeys(flags, terminal)
    },
  )

  add(program, 'migrate', 'Bring the database up to date without serving.', async (flags) => {
    const { runMigrate } = await import('./migrate-command.ts')
    await runMigrate(flags, terminal)
  })
  return program
}

type Action = (flags: Flags, options: Record<string, unknown>, argument: string | undefined) => Promise<void>

function add(program: Command, name: string, description: string, action: Action): Command {
  const command = program.command(name).description(description)
  addSettingOptions(command)
  return command.action(async (...args: unknown[]) => {
    const [argument] = args
    await action(readFlags(command), command.opts(), typeof argument === 'string' ? argument : undefined)
  })
}

function settingsOverview(): string {
  const lines = entries().map(([, row]) => `  --${row.flag}\n      ${describeSetting(row)}`)
  return ['Settings, for every command (flag, then environment, then .env, then default):', ...lines].join(
    '\n',
  )
}
