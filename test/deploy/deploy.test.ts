import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { entries } from '../../src/config/load-config.ts'
import type { Document } from '../contract/contract.ts'
import { TestWorld } from '../harness.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const dockerfile = read('Dockerfile')
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0')
const unit = read('deploy/systemd/gatewa.service')

interface Service {
  readonly image?: string
  readonly env_file?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly build?: { readonly context: string }
  readonly read_only?: boolean
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: unknown
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}

/** The lines of a Dockerfile with what they go on with. */
const steps = dockerfile
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
const stepsOf = (verb: string) =>
  steps.filter((step) => step.startsWith(`${verb} `)).map((step) => step.slice(verb.length + 1))

describe('Dockerfile', () => {
  it('copies what is there and what .dockerignore lets in', () => {
    const letIn = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    const sources = stepsOf('COPY')
      .filter((step) => !step.startsWith('--from='))
      .flatMap((step) => step.split(/\s+/).slice(0, -1))
    expect(sources.length).toBeGreaterThan(8)
    for (const source of sources) {
      expect(
        tracked.some((file) => file === source || file.startsWith(`${source}/`)),
        source,
      ).toBe(true)
      expect(
        letIn.some((name) => source === name || source.startsWith(`${name}/`)),
        source,
      ).toBe(true)
    }
    for (const name of letIn)
      expect(
        sources.some((source) => source.startsWith(name)),
        name,
      ).toBe(true)
  })

  it('has all that a build is made of', () => {
    const made = /contentHash\(\s*\[([^\]]+)\]/.exec(read('scripts/setup/build.mjs'))?.[1] ?? ''
    const parts = [...made.matchAll(/'([^']+)'/g)].map(([, part]) => part ?? '')
    expect(parts).toContain('src')
    // npm leaves out a workspace whose manifest it does not find, without a word.
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: readonly string[] } // our own
    parts.push(...workspaces.map((workspace) => `${workspace}/package.json`))
    const copied = stepsOf('COPY').flatMap((step) => step.split(/\s+/).slice(0, -1))
    for (const part of parts)
      expect(
        copied.some((source) => part === source || part.startsWith(`${source}/`)),
        part,
      ).toBe(true)
  })

  it('keeps data, secrets and history out', () => {
    const [first] = read('.dockerignore')
      .split('\n')
      .filter((line) => !line.startsWith('#'))
    expect(first).toBe('*')
    expect(read('.dockerignore')).not.toMatch(/^!(data|\.env|\.git|dist|node_modules)/m)
  })

  it('takes from the first stage what that made', () => {
    const made = ['node_modules', 'packages', 'dist', 'package.json']
    const taken = stepsOf('COPY').flatMap((step) => /^--from=build \/app\/(\S+)/.exec(step)?.[1] ?? [])
    expect(taken.toSorted()).toEqual(made.toSorted())
    const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts // our own
    expect(stepsOf('RUN').join('\n')).toContain('npm run build')
    expect(scripts['build']).toBeDefined()
  })

  it('runs as a user without rights, on a Node that is new enough, and starts what is there', () => {
    expect(stepsOf('USER')).toEqual(['node'])
    for (const image of stepsOf('FROM')) expect(image).toMatch(/^node:24-/)
    const [, entry = ''] = JSON.parse(stepsOf('ENTRYPOINT').join()) as [string, string] // our own
    expect(tracked).toContain(entry.replace('/app/', ''))
    expect(stepsOf('CMD')).toEqual(['["serve"]'])
    for (const program of ['ffmpeg', 'poppler-utils'])
      expect(stepsOf('RUN').some((step) => step.includes(program))).toBe(true)
  })

  it('has a health check that knows a gateway that works from one that is gone', async () => {
    const [, command = ''] = /CMD (\[.*\])/.exec(stepsOf('HEALTHCHECK').join()) ?? []
    const [, ...args] = JSON.parse(command) as string[] // our own
    const check = (port: number) =>
      new Promise<number>((resolve) => {
        const child = execFile(process.execPath, args, { env: { APP_PORT: String(port) } })
        child.on('close', (code) => resolve(code ?? -1))
      })
    const world = await TestWorld.open('sqlite', { settings: { APP_BASIC_AUTH: 'u:p' } })
    onTestFinished(() => world.close())
    const gateway = await world.startGateway()
    const port = Number(new URL(gateway.url).port)
    expect(await check(port)).toBe(0)
    await gateway.stop()
    expect(await check(port)).toBe(1)

    const broken = createServer((_request, response) => {
      response.statusCode = 503
      response.end()
    })
    await new Promise<void>((resolve) => {
      broken.listen(0, '127.0.0.1', resolve)
    })
    onTestFinished(() => void broken.close())
    const { port: brokenPort } = broken.address() as AddressInfo // it listens on TCP
    expect(await check(brokenPort)).toBe(1)
  })
})

describe.each(['deploy/compose.sqlite.yml', 'deploy/compose.postgres.yml'])('%s', (path) => {
  const compose = parse(read(path)) as Compose // held to its shape here
  const gatewa = compose.services['gatewa']

  it('builds from here, publishes to this machine only, and keeps its data in a volume', () => {
    expect(existsSync(join(root, 'deploy', gatewa?.build?.context ?? 'nowhere', 'Dockerfile'))).toBe(true)
    expect(gatewa?.ports).toEqual(['127.0.0.1:3000:3000'])
    expect(stepsOf('EXPOSE')).toEqual(['3000'])
    expect(gatewa?.volumes).toEqual(['data:/data'])
    expect(dockerfile).toContain('APP_DATA_DIR=/data')
    expect(gatewa?.read_only).toBe(true)
  })

  it('names volumes and services that it has', () => {
    for (const { volumes = [], depends_on = {} } of Object.values(compose.services)) {
      for (const volume of volumes) expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '')
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect(condition).toBe('service_healthy')
        expect(compose.services[name]?.healthcheck).toBeDefined()
      }
    }
  })
})

describe('deploy/systemd/gatewa.service', () => {
  it('starts a program that is there, with its data where it may write', () => {
    const started = /^ExecStart=\/usr\/bin\/node \/opt\/gatewa\/(\S+) serve$/m.exec(unit)?.[1]
    expect(tracked).toContain(started)
    expect(unit).toMatch(/^Environment=APP_DATA_DIR=\/var\/lib\/gatewa$/m)
    expect(unit).toMatch(/^StateDirectory=gatewa$/m)
  })

  const hasChecker = existsSync('/usr/bin/systemd-analyze')
  it.skipIf(!hasChecker)('is taken by systemd’s own checker', () => {
    const dir = mkdtempSync(join(tmpdir(), 'gatewa-unit-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const path = join(dir, 'gatewa.service')
    writeFileSync(path, unit.replaceAll('/usr/bin/node', process.execPath).replaceAll('/opt/gatewa/', root))
    const said = execFileSync('/usr/bin/systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' })
    expect(said).toBe('')
  })
})

describe('what deploy files and docs/deploy.md name', () => {
  const files = readdirSync(join(root, 'deploy'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((file) => tracked.includes(file) || !file.includes('.env'))
  const all = ['Dockerfile', 'docs/deploy.md', ...files]

  it.each(all)('%s: settings that there are', (file) => {
    const known = new Set(entries().map(([, row]) => row.env))
    const named = [...read(file).matchAll(/\b(?:APP|DB|WHATSAPP|GATEWA|FFMPEG)_[A-Z0-9_]*[A-Z0-9]\b/g)]
    for (const [name] of named) expect(known, file).toContain(name)
  })

  it('paths of the gateway that there are', () => {
    const page = parse(read('docs/openapi.yaml')) as Document // made by our own script
    const served = new Set([...Object.keys(page.paths), '/ws'])
    const named = [
      ...read('deploy/nginx/gatewa.conf').matchAll(/location (?:= )?(\/\w+) \{/g),
      ...read('deploy/caddy/Caddyfile').matchAll(/respond (\/\w+) /g),
      ...read('docs/deploy.md').matchAll(/`(\/(?:ws|events|metrics|livez|readyz|health))`/g),
      ...dockerfile.matchAll(/APP_PORT\}(\/\w+)`/g),
    ].map(([, path]) => path ?? '')
    expect(named.length).toBeGreaterThan(7)
    for (const path of named) expect(served).toContain(path)
  })

  it('proxies pass to the port that is listened on, and take files as large as the gateway does', () => {
    const setting = (env: string) => entries().find(([, row]) => row.env === env)?.[1].default
    for (const file of ['deploy/nginx/gatewa.conf', 'deploy/caddy/Caddyfile']) {
      expect(read(file)).toContain(`127.0.0.1:${setting('APP_PORT')}`)
      const megabytes = Number(/(?:client_max_body_size|max_size) (\d+)/.exec(read(file))?.[1])
      expect(megabytes * 1_000_000).toBeGreaterThan(Number(setting('WHATSAPP_SETTING_MAX_VIDEO_SIZE')))
    }
  })

  it('files that docs/deploy.md links to', () => {
    for (const [, target = ''] of read('docs/deploy.md').matchAll(/\]\(([^)#:]+)\)/g))
      expect(existsSync(join(root, 'docs', target)), target).toBe(true)
  })
})
