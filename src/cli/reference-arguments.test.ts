import { expect, it } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { buildProgram } from './program.ts'
import { RecordingTerminal } from './recording-terminal.ts'
import { readArguments } from './reference-arguments.ts'
import { readFlags } from './setting-options.ts'

const program = () => buildProgram(new RecordingTerminal())
const names = new Set(program().commands.flatMap((command) => [command.name(), ...command.aliases()]))

/** The configuration that a whole command line makes, and what it is warned of. */
async function configOf(line: readonly string[]) {
  const { args, warnings } = readArguments(line, names)
  const whole = program()
  const command = whole.commands.find((each) => each.name() === 'serve')
  if (command === undefined) throw new Error('no serve')
  let loaded: ReturnType<typeof loadConfig> | undefined
  command.action(() => {
    loaded = loadConfig({ flags: readFlags(command), environment: {}, dotenvFolders: [] })
  })
  await whole.parseAsync([...args], { from: 'user' })
  if (loaded?.ok !== true) throw new Error(loaded?.problems.join() ?? 'serve did not run')
  return { config: loaded.config, warnings: [...warnings, ...loaded.warnings] }
}

it('takes short flags with an equals sign, as the reference’s help writes them', async () => {
  const { config, warnings } = await configOf([
    ...['rest', '-b=ana:word', '-b=bo:a=b', '-p=8080', '-d=true', '-H=127.0.0.1'],
    ...['-w=https://x.example/?a=b', '--os=Chrome', '--account-validation=false', '--autoreply=Not now'],
  ])
  expect(config.http.basicAuth).toEqual([
    { user: 'ana', password: 'word' },
    { user: 'bo', password: 'a=b' },
  ])
  expect([config.http.port, config.log.level]).toEqual([8080, 'debug'])
  expect(config.webhooks.urls).toEqual(['https://x.example/?a=b'])
  expect(config.whatsapp.deviceName).toBe('Chrome')
  expect(config.whatsapp.accountValidation).toBe(false)
  expect(warnings).toEqual([])
})

it('takes flags before the command', async () => {
  const { config } = await configOf(['--port', '8080', '--debug', 'rest', '--host=localhost'])
  expect([config.http.port, config.http.host, config.log.level]).toEqual([8080, 'localhost', 'debug'])
})

it.each([
  [['--db-keys-uri', 'file:keys.db'], '--db-keys-uri is ignored: keys are kept in the database of DB_URI'],
  [['--chatwoot-enabled'], '--chatwoot-enabled is ignored: Chatwoot is not offered'],
  [['--chatwoot-device-id=main'], '--chatwoot-device-id is ignored: Chatwoot is not offered'],
  [['--ui-auto-update=false'], '--ui-auto-update is ignored: the dashboard comes with the gateway'],
])('leaves out %j with one warning', async (absent, warning) => {
  for (const line of [
    ['rest', ...absent, '--port', '8080'],
    [...absent, 'rest', '--port', '8080'],
  ]) {
    const { config, warnings } = await configOf(line)
    expect(config.http.port).toBe(8080)
    expect(warnings).toEqual([warning])
  }
})

it('changes nothing else', () => {
  for (const line of [
    [],
    ['--help'],
    ['serve', '--no-such-flag', 'x'],
    ['login', 'main', '--phone', '1555'],
    ['serve', '--', '-b=x'],
    ['deliveries', 'list', '--state', 'dead', '--json'],
  ]) {
    expect(readArguments(line, names)).toEqual({ args: line, warnings: [] })
  }
})
