import { describe, expect, it } from 'vitest'
import { entries, type Flags, loadConfig } from '../config/load-config.ts'
import { buildProgram } from './program.ts'
import { RecordingTerminal } from './recording-terminal.ts'
import { readFlags } from './setting-options.ts'

function commandOf(name: string) {
  const command = buildProgram(new RecordingTerminal()).commands.find((each) => each.name() === name)
  if (command === undefined) throw new Error(`no command ${name}`)
  return command
}

/** What a command makes of arguments, without running it. */
function flagsOf(name: string, args: readonly string[]): Flags {
  const command = commandOf(name)
  let flags: Flags = {}
  command.action(() => {
    flags = readFlags(command)
  })
  command.parse([...args], { from: 'user' })
  return flags
}

describe('the command line', () => {
  it('has the commands, each with every setting in its help', () => {
    const program = buildProgram(new RecordingTerminal())
    const names = [
      'serve',
      'sandbox',
      'login',
      'devices',
      'doctor',
      'webhooks',
      'deliveries',
      'keys',
      'audit',
      'person',
      'backup',
      'restore',
      'encryption',
      'renew-keys',
      'migrate',
    ]
    expect(program.commands.map((command) => command.name())).toEqual(names)
    for (const command of program.commands) {
      const help = command.helpInformation().replace(/\s+/g, ' ')
      for (const [, row] of entries()) {
        expect(help).toContain(`--${row.flag} `)
        expect(help).toContain(row.env)
      }
    }
  })

  it("answers to the reference's name of serve", () => {
    expect(commandOf('serve').aliases()).toEqual(['rest'])
  })

  it('reads long and short flags, lists by repetition, and booleans alone or spelt out', () => {
    const flags = flagsOf('serve', [
      ...['-p', '8080', '-H', 'localhost', '--basic-auth', 'a:b', '-b', 'c:d'],
      ...[
        '-w',
        'http://x.example/,http://y.example/',
        '-w',
        'http://z.example/',
        '--debug',
        '--account-validation=false',
      ],
    ])
    const loaded = loadConfig({ flags, environment: {}, dotenvFolders: [] })
    if (!loaded.ok) throw new Error(loaded.problems.join())
    const { http, webhooks, log, whatsapp } = loaded.config
    expect([http.port, http.host, http.basicAuth.length]).toEqual([8080, 'localhost', 2])
    expect(webhooks.urls).toHaveLength(3)
    expect(log.level).toBe('debug')
    expect(whatsapp.accountValidation).toBe(false)
  })

  it('leaves what was not typed to the environment', () => {
    expect(flagsOf('serve', [])).toEqual({})
    expect(flagsOf('login', ['main', '--phone', '1555'])).toEqual({})
  })

  it('takes doctor --webhook with and without URLs', () => {
    expect(flagsOf('doctor', ['--webhook'])).toEqual({ webhookUrls: true })
    expect(flagsOf('doctor', ['--webhook', 'http://x.example/'])).toEqual({
      webhookUrls: ['http://x.example/'],
    })
  })
})
