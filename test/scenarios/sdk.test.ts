import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGatewa, type LoggedEvent } from '@gatewa/sdk'
import type { Person } from '@gatewa/simulator'
import sharp from 'sharp'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../free-port.ts'
import { eventually, type Gateway, TestWorld, webhookSecret } from '../harness.ts'

const root = join(import.meta.dirname, '../..')
const examples = new Map(
  [
    ...(await readFile(join(root, 'sdk/README.md'), 'utf8')).matchAll(
      /<!-- example: (\w+) -->\n```ts\n([\s\S]*?)```/g,
    ),
  ].map(([, name = '', code = '']) => [name, code]),
)

const deno = process.env['DENO_PATH'] ?? 'deno'
const hasDeno = spawnSync(deno, ['--version']).status === 0
/** Deno is no Debian package: the check of a fresh machine does not ask for it, everybody else is told that it was not run. */
const isDenoWanted = hasDeno || process.env['REQUIRE_ALL'] !== '1'

describe('the SDK and its examples', () => {
  let world: TestWorld
  let gateway: Gateway
  let ada: Person
  let bo: Person
  let folder = ''
  let key = ''
  let hookPort = 0

  beforeAll(async () => {
    hookPort = await freePort()
    world = await TestWorld.open('sqlite', {
      settings: { APP_BASIC_AUTH: 'u:p', WHATSAPP_WEBHOOK: `http://127.0.0.1:${hookPort}/` },
    })
    gateway = await world.startGateway()
    gateway.headers = { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` }
    ada = world.simulator.addPerson({ name: 'Ada' })
    bo = world.simulator.addPerson({ name: 'Bo' })
    await gateway.link(ada, 'main')
    key = await newKey(gateway)
    folder = await mkdtemp(join(tmpdir(), 'gatewa-sdk-'))
    await mkdir(join(folder, 'node_modules/@gatewa'), { recursive: true })
    await symlink(join(root, 'sdk'), join(folder, 'node_modules/@gatewa/sdk'))
    const menu = sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
    await menu.jpeg().toFile(join(folder, 'menu.jpg'))
  }, 60_000)

  afterAll(async () => {
    await world.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function newKey(at: Gateway): Promise<string> {
    const operator = createGatewa({ url: at.url, basic: { user: 'u', password: 'p' } })
    const made = await operator.createKey({ name: 'sdk', scopes: ['read', 'send'], devices: ['main'] })
    return made.key
  }

  /** Runs an example of the README as it stands there, but for the names that everybody puts in place of theirs. */
  async function run(name: string, [program, ...args]: readonly [string, ...string[]] = [process.execPath]) {
    const code = examples.get(name)
    if (code === undefined) throw new Error(`there is no example ${name}`)
    const file = join(folder, `${name}.ts`)
    await writeFile(
      file,
      code
        .replace('http://127.0.0.1:3000', gateway.url)
        .replaceAll('gwk_…', key)
        .replaceAll('15550101', bo.phone)
        .replaceAll('the secret', webhookSecret)
        .replaceAll('8080', String(hookPort)),
    )
    const child = spawn(program, [...args, file], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    onTestFinished(() => void child.kill('SIGKILL'))
    return {
      end: async () => {
        if (child.exitCode === null) await once(child, 'exit')
        return { output, code: child.exitCode }
      },
      prints: (pattern: RegExp) =>
        eventually(
          `output like ${String(pattern)}`,
          () => pattern.exec(output) ?? undefined,
          () => output,
        ),
    }
  }

  it('sends a text and lists chats', async () => {
    const { output, code } = await (await run('send')).end()
    expect(code, output).toBe(0)
    const arrived = await bo.receives('Hello')
    expect(output).toContain(`sent ${arrived.id}`)
    expect(output).toContain(`chat ${bo.jid}`)
  })

  if (isDenoWanted) {
    it('does so in Deno as well', async ({ skip }) => {
      if (!hasDeno) return skip('no Deno is installed')
      const map = join(folder, 'import-map.json')
      await writeFile(map, JSON.stringify({ imports: { '@gatewa/sdk': join(root, 'sdk/index.ts') } }))
      const args = ['run', '--no-config', '--allow-net', `--import-map=${map}`] as const
      const { output, code } = await (await run('send', [deno, ...args])).end()
      expect(code, output).toBe(0)
      expect(output).toMatch(/^sent \S+$/m)
      expect(output).toContain(`chat ${bo.jid}`)
    })
  }

  it('sends a file as a form, and fetches it again as it is', async () => {
    const { output, code } = await (await run('file')).end()
    expect(code, output).toBe(0)
    expect(output).toMatch(/^file image\/jpeg [1-9]\d+$/m)
    await bo.receives(({ message }) => message.imageMessage?.caption === 'Our menu')
  })

  it('tells why a call was refused', async () => {
    const { output, code } = await (await run('errors')).end()
    expect({ output, code }).toEqual({ output: 'refused DEVICE_NOT_FOUND 404\n', code: 0 })
    await bo.receives('Your order is ready')
  })

  it('takes webhooks that are signed', async () => {
    const receiver = await run('webhook')
    await bo.sendText(ada, 'Hello by webhook')
    const [, id = ''] = await receiver.prints(/^event (\S+) Bo Hello by webhook$/m)
    const forged = await fetch(`http://127.0.0.1:${hookPort}/`, { method: 'POST', body: '{}' })
    expect(forged.status).toBe(401)
    const { data } = await createGatewa({ url: gateway.url, apiKey: key }).listEvents({ events: 'message' })
    expect(data.map((event) => event.id)).toContain(id)
  })

  it('follows events and answers them', async () => {
    const bot = await run('events')
    // It follows from the moment it is there; that is a fact only once it has answered.
    await eventually('an answer of the bot', async () => {
      await bo.sendText(ada, 'anybody there?')
      return bo.receives('You said: anybody there?', { timeoutMs: 2_000 }).catch(() => undefined)
    })
    await bot.prints(/^event \d+ Bo anybody there\?$/m)
  })

  it('follows events without a gap and without one twice while the gateway is away in between', async () => {
    const own = await TestWorld.open('sqlite', { settings: { WHATSAPP_WEBHOOK: '', APP_BASIC_AUTH: 'u:p' } })
    onTestFinished(() => own.close())
    const settings = { APP_PORT: String(await freePort()) }
    const first = await own.startGateway({ settings })
    const [cy, di] = [own.simulator.addPerson({ name: 'Cy' }), own.simulator.addPerson({ name: 'Di' })]
    first.headers = { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` }
    await first.link(cy, 'main')
    const seen: LoggedEvent[] = []
    const abort = new AbortController()
    const sdk = createGatewa({ url: first.url, apiKey: await newKey(first) })
    const following = (async () => {
      const { next } = await sdk.listEvents({ limit: 1000 })
      for await (const event of sdk.followEvents({ kinds: ['message'], after: next, signal: abort.signal }))
        seen.push(event)
    })()
    const bodies = () =>
      seen.map((event) => (event.event === 'message' ? event.body.payload.body : event.event))
    await di.sendText(cy, 'one')
    await eventually('the first message', () => seen.length > 0 || undefined)
    await first.stop()
    await di.sendText(cy, 'two')
    const second = await own.startGateway({ settings })
    expect(second.url).toBe(first.url)
    await di.sendText(cy, 'three')
    await eventually('all messages', () => bodies().includes('three') || undefined, bodies)
    expect(bodies()).toEqual(['one', 'two', 'three'])
    abort.abort()
    await following
  })

  it('has types for all of it, without those of Node', async () => {
    const files = await Promise.all(
      [...examples].map(async ([name, code]) => {
        const file = join(root, 'sdk', `readme-${name}.ts`)
        return { file, code, needsNode: code.includes("'node:") }
      }),
    )
    const wrong = { file: join(root, 'sdk/readme-wrong.ts'), code: wrongCode, needsNode: false }
    const check = (types: readonly string[], chosen: readonly { file: string; code: string }[]) => {
      const options: ts.CompilerOptions = {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.esnext.disposable.d.ts'],
        types: [...types],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        allowImportingTsExtensions: true,
        noEmit: true,
        skipLibCheck: true,
      }
      const host = ts.createCompilerHost(options)
      const read = host.readFile.bind(host)
      const texts = new Map(chosen.map(({ file, code }) => [file, code]))
      host.readFile = (path) => texts.get(path) ?? read(path)
      const exists = host.fileExists.bind(host)
      host.fileExists = (path) => texts.has(path) || exists(path)
      const program = ts.createProgram([...texts.keys(), join(root, 'sdk/index.ts')], options, host)
      return ts.getPreEmitDiagnostics(program).map(({ messageText, file, start = 0 }) => {
        const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
        return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
      })
    }
    expect(
      check(
        [],
        files.filter(({ needsNode }) => !needsNode),
      ),
    ).toEqual([])
    expect(check(['node'], files)).toEqual([])
    const mistakes = check([], [wrong]).map((text) => Number(/readme-wrong\.ts:(\d+)/.exec(text)?.[1]))
    expect(mistakes).toEqual([3, 4, 5, 6, 7])
  }, 120_000)
})

/** A mistake in each line from the third on. */
const wrongCode = `import { createGatewa } from '@gatewa/sdk'
const gatewa = createGatewa({ url: 'http://x' })
await gatewa.sendMessage({ phone: '1' })
await gatewa.sendMessage({ phone: '1', message: 2 })
await gatewa.getDevice()
;(await gatewa.sendMessage({ phone: '1', message: 'a' })).no_such
for await (const e of gatewa.followEvents()) if (e.event === 'message.ack') e.body.payload.reaction
export {}
`
