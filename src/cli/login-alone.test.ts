import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Person, type Simulator, startSimulator } from '@gatewa/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../test/free-port.ts'
import { runLogin } from './login.ts'
import { RecordingTerminal } from './recording-terminal.ts'

/** Types on the phone what the command prints, as the person in front of both would. */
class AttentiveTerminal extends RecordingTerminal {
  readonly #onCode: (code: string) => void

  constructor(onCode: (code: string) => void) {
    super()
    this.#onCode = onCode
  }

  override print(line: string): void {
    super.print(line)
    if (/^\w{4}-\w{4}$/.test(line)) this.#onCode(line)
  }
}

describe('login with no gateway running', () => {
  let dataDir: string
  let simulator: Simulator
  let owner: Person

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatewa-login-'))
    simulator = await startSimulator({ directory: join(dataDir, 'simulator') })
    owner = simulator.addPerson({ phone: '15555550100' })
  })

  afterEach(async () => {
    await simulator.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('runs one until the device is linked, and the link is there for the next start', async () => {
    const flags = {
      port: String(await freePort()),
      dataDir,
      websocketUrl: simulator.chatUrl,
      noiseRootKey: simulator.noiseRootKeyHex,
      webVersionUrl: simulator.webVersionUrl,
      gatewayUrl: '',
    }
    const terminal = new AttentiveTerminal((code) => void owner.enterPairingCode(code))
    await runLogin({ flags, device: undefined, phone: owner.phone }, terminal)
    expect(terminal.told[0]).toContain('no gateway is running; starting one')
    expect(terminal.printed.at(-1)).toBe('device main is linked to 15555550100@s.whatsapp.net')
    expect(owner.linkedDevices).toHaveLength(1)

    const again = new RecordingTerminal()
    await runLogin({ flags, device: 'main' }, again)
    expect(again.printed).toEqual(['device main is linked already'])
    expect(owner.linkedDevices).toHaveLength(1)
  })
})
