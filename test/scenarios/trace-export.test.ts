import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { type Logger, silentLogger } from '../../src/core/logger.ts'
import { ChildGateway } from '../child-gateway.ts'
import { freePort } from '../free-port.ts'
import { eventually, Gateway } from '../harness.ts'
import { type Stage, scenario } from '../scenario.ts'
import { SpanReceiver } from '../span-receiver.ts'

const callersTrace = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${callersTrace}-00f067aa0ba902b7-01`

/** Writes down what is loaded of OpenTelemetry, by import and by require. */
const watchLoading = `data:text/javascript,${encodeURIComponent(`
  import { appendFileSync } from 'node:fs'
  import { registerHooks } from 'node:module'
  registerHooks({ load(url, context, next) {
    if (url.includes('@opentelemetry')) appendFileSync(process.env.LOADED_MODULES, url + '\\n')
    return next(url, context)
  } })
`)}`

describe('the export of traces', () => {
  let receiver: SpanReceiver
  let endpoint: string
  const loadedModules = join(tmpdir(), `gatewa-loaded-${process.pid}.txt`)
  const children: ChildGateway[] = []

  beforeEach(async () => {
    receiver = new SpanReceiver()
    endpoint = await receiver.listen()
  })
  afterEach(async () => {
    for (const child of children.splice(0)) await child.end('SIGKILL')
    await receiver.close()
    await rm(loadedModules, { force: true })
  })

  /** A process of its own on the world's database, with the verbs to use it. */
  async function startProcess({ world }: Stage, settings: Readonly<Record<string, string>>) {
    const child = new ChildGateway({
      ...world.settings,
      APP_PORT: String(await freePort()),
      APP_LOG_LEVEL: 'debug',
      APP_LOG_FORMAT: 'json',
      NODE_OPTIONS: `--import ${watchLoading}`,
      LOADED_MODULES: loadedModules,
      ...settings,
    })
    children.push(child)
    await child.start()
    const stop = async () => void (await child.end('SIGTERM'))
    return { child, gateway: new Gateway({ address: child.url, stop }) }
  }

  async function loaded(): Promise<string> {
    return readFile(loadedModules, 'utf8').catch(() => '')
  }

  scenario(
    'loads nothing of OpenTelemetry where no setting asks for it, whatever is done',
    async (stage) => {
      const [ada, bo] = stage.people('Ada', 'Bo')
      const { child, gateway } = await startProcess(stage, { OTEL_SERVICE_NAME: 'no reason to trace' })
      await gateway.link(ada, 'main')
      const answer = await gateway.call('POST', '/send/message', {
        device: 'main',
        body: { phone: bo.phone, message: 'untraced' },
        headers: { traceparent },
      })
      expect(answer.status).toBe(200)
      await bo.sendText(ada, 'an answer')
      await stage.world.nextEvent('message')
      expect(await child.end('SIGTERM')).toBe(0)
      expect(await loaded()).toBe('')
      expect(child.output).toContain('"request answered"')
      expect(child.output).not.toContain('trace_id')
      expect(stage.world.webhooks.received.filter(({ headers }) => 'traceparent' in headers)).toEqual([])
    },
    { startsGateway: false, timeoutMs: 60_000 },
  )

  scenario(
    'sends what is left at the end of the process, and the log names the traces',
    async (stage) => {
      const [ada, bo] = stage.people('Ada', 'Bo')
      const { child, gateway } = await startProcess(stage, {
        OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint}/`,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-team=a%20b,x-key=of spans',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
        OTEL_BSP_SCHEDULE_DELAY: '600000',
      })
      await gateway.link(ada, 'main')
      await gateway.call('POST', '/send/message', {
        device: 'main',
        body: { phone: bo.phone, message: 'the last one' },
        headers: { traceparent },
      })
      await stage.world.nextEvent('message.ack')
      const answered = await eventually('the line of the request', () =>
        child.output.split('\n').find((line) => line.includes('/send/message')),
      )
      expect(await child.end('SIGTERM')).toBe(0)
      expect(await loaded()).toContain('@opentelemetry/sdk-trace')
      const names = receiver.of(callersTrace).map(({ name }) => name)
      expect(names).toEqual(
        expect.arrayContaining(['POST /send/message', 'send', 'queue', 'write', 'ack', 'POST']),
      )
      const [server] = receiver.of(callersTrace)
      expect(server?.resource).toMatchObject({
        'deployment.environment.name': 'test',
        'service.name': 'gatewa',
      })
      expect(JSON.parse(answered)).toMatchObject({ trace_id: callersTrace, span_id: server?.id })
      expect(receiver.requests[0]).toMatchObject({
        path: '/v1/traces',
        headers: { 'content-type': 'application/x-protobuf', 'x-team': 'a b', 'x-key': 'of spans' },
      })
    },
    { startsGateway: false, timeoutMs: 60_000 },
  )

  scenario(
    'holds up neither sends nor the end while the receiver does not answer',
    async (stage) => {
      receiver.status = null
      const lines: string[] = []
      const gateway = await stage.world.startGateway({
        logger: recording(lines),
        settings: {
          OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
          OTEL_EXPORTER_OTLP_TIMEOUT: '600000',
          OTEL_BSP_EXPORT_TIMEOUT: '600000',
          OTEL_BSP_SCHEDULE_DELAY: '20',
          OTEL_BSP_MAX_QUEUE_SIZE: '20',
        },
      })
      const [ada, bo] = stage.people('Ada', 'Bo')
      await gateway.link(ada, 'main')
      await eventually('spans on their way', () => receiver.requests[0])
      for (let number = 0; number < 30; number += 1) {
        expect((await gateway.sendText('main', bo.phone, `message ${number}`)).status).toBe(200)
      }
      // Nobody waited for it: the first request is still under way, what came later was dropped or waits.
      expect(receiver.requests).toHaveLength(1)
      const askedAt = performance.now()
      await gateway.stop()
      expect(performance.now() - askedAt).toBeLessThan(10_000)
      expect(lines).toContain('the last spans were not taken in time')
    },
    { startsGateway: false, timeoutMs: 60_000 },
  )

  scenario(
    'says once that nobody takes the spans, however often it is tried',
    async (stage) => {
      receiver.status = null
      const lines: string[] = []
      const gateway = await stage.world.startGateway({
        logger: recording(lines),
        settings: {
          OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
          OTEL_EXPORTER_OTLP_TIMEOUT: '100',
          OTEL_BSP_SCHEDULE_DELAY: '20',
        },
      })
      const said = () => lines.filter((line) => line.startsWith('spans cannot be exported'))
      for (let number = 1; number <= 3; number += 1) {
        await gateway.call('GET', '/devices')
        await eventually('a try', () => receiver.requests[number - 1])
      }
      await eventually('a word in the log', () => said()[0])
      await gateway.stop()
      expect(said()).toHaveLength(1)
    },
    { startsGateway: false },
  )

  scenario(
    'says when spans get through again',
    async (stage) => {
      receiver.status = 400
      const lines: string[] = []
      const gateway = await stage.world.startGateway({
        logger: recording(lines),
        settings: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '20' },
      })
      const ask = () => gateway.call('GET', '/devices')
      await ask()
      await eventually('a word in the log', () => lines.find((line) => line.startsWith('spans cannot')))
      receiver.status = 200
      await ask()
      await receiver.next('a request', ({ name }) => name === 'GET /devices')
      await eventually('a word in the log', () => lines.find((line) => line === 'spans are exported again'))
    },
    { startsGateway: false },
  )

  scenario(
    'tells of a tool’s call as of a request within the request of the model',
    async (stage) => {
      const gateway = await stage.start({
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_BSP_SCHEDULE_DELAY: '20',
      })
      const client = new Client({ name: 'test', version: '1' })
      const requestInit = { headers: { traceparent } }
      await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), { requestInit }))
      await client.callTool({ name: 'whatsapp_app', arguments: { action: 'status' } })
      await client.close()
      const inner = await receiver.next('the inner request', ({ name }) => name === 'GET /app/status')
      const outer = await receiver.next('the outer request', ({ id }) => id === inner.parent)
      expect(outer).toMatchObject({ name: 'POST /mcp', kind: 'server', trace: callersTrace })
    },
    { startsGateway: false },
  )
})

function recording(lines: string[]): Logger {
  const note = (_fields: object, line: string) => void lines.push(line)
  return { ...silentLogger, warn: note, info: note, child: () => recording(lines) }
}
