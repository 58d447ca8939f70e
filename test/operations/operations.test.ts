import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDialects } from '../../src/db/test-database.ts'
import { checkOf, contract } from '../contract/contract.ts'
import { type Gateway, TestWorld, webhookSecret } from '../harness.ts'
import { appOperations } from './app-operations.ts'
import { chatOperations } from './chat-operations.ts'
import { downloadOperations } from './download-operations.ts'
import { groupOperations } from './group-operations.ts'
import { messageOperations } from './message-operations.ts'
import { newsletterOperations } from './newsletter-operations.ts'
import type { Operation, OperationWorld } from './operation.ts'
import { sendMediaOperations } from './send-media-operations.ts'
import { sendOperations } from './send-operations.ts'
import { successSentences } from './success-sentences.ts'
import { userOperations } from './user-operations.ts'

/** Every operation's promises; one list per room. */
const operations: readonly Operation[] = [
  ...appOperations,
  ...chatOperations,
  ...downloadOperations,
  ...groupOperations,
  ...messageOperations,
  ...newsletterOperations,
  ...sendMediaOperations,
  ...sendOperations,
  ...userOperations,
]

/** Path and method of an operation of the contract. */
function placeOf(operationId: string): { path: string; method: string } {
  for (const [path, methods] of Object.entries(contract.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (operation.operationId === operationId) return { path, method }
    }
  }
  throw new Error(`the contract has no operation ${operationId}`)
}

describe.each(testDialects())('the operations of the contract (%s)', (dialect) => {
  let world: TestWorld
  let gateway: Gateway
  let stage: OperationWorld
  /** Everything that was answered, for the look at the end. */
  const answers: string[] = []

  beforeAll(async () => {
    // Files and pages that operations fetch are on this machine.
    world = await TestWorld.open(dialect, { settings: { APP_FETCH_ALLOWED_HOSTS: '127.0.0.1' } })
    gateway = await world.startGateway()
    const [ada, bo, cy] = ['Ada', 'Bo', 'Cy'].map((name) => world.simulator.addPerson({ name }))
    if (ada === undefined || bo === undefined || cy === undefined)
      throw new Error('three names, three people')
    await gateway.link(ada, 'main')
    await gateway.call('POST', '/devices', { body: { device_id: 'blank' } })
    stage = { world, gateway, ada, bo, cy }
  })

  afterAll(async () => {
    await world.close()
  })

  describe.each(operations.map((operation) => [operation.operationId, operation] as const))(
    '%s',
    (operationId, { works, mayLack, refuses = {} }) => {
      it('does what it says and answers as the contract declares', async () => {
        const { path, method } = placeOf(operationId)
        const answer = await works(stage)
        answers.push(answer.text)
        expect(answer.status, answer.text).toBe(200)
        const declared = contract.paths[path]?.[method]?.responses['200']?.content?.['application/json']
        if (declared === undefined) return
        const check = checkOf(path, method, 200, mayLack)
        expect({ isValid: check(answer.json), errors: check.errors }, answer.text).toEqual({
          isValid: true,
          errors: null,
        })
        expect(answer.json.code).toBe('SUCCESS')
        expect(answer.json.message).toMatch(successSentences[operationId] ?? /^no sentence of it is known$/)
        // What is sent repeats the sentence in its results.
        const results = (answer.json.results ?? {}) as { message_id?: unknown; status?: unknown } // an object, a list or a text
        if (results.message_id !== undefined) expect(results.status).toBe(answer.json.message)
      })

      it.each(Object.entries(refuses))('refuses %s', async (_what, { call, status, code, message }) => {
        const answer = await call(stage)
        answers.push(answer.text)
        expect(answer.status, answer.text).toBe(status)
        if (code !== undefined) expect(answer.json.code).toBe(code)
        if (message !== undefined) expect(answer.json.message).toBe(message)
      })
    },
  )

  it('never answers with a secret or with key material', async () => {
    const own = 'a secret of this device alone'
    const body = { webhook_url: 'http://127.0.0.1:9/', webhook_secret: own }
    const changed = await gateway.call('PATCH', '/devices/main/webhook', { body })
    expect(changed.status, changed.text).toBe(200)
    answers.push(changed.text)
    for (const path of [
      '/devices',
      '/devices/main/webhook',
      '/deliveries',
      '/events?device_id=main',
      '/app/info',
    ]) {
      answers.push((await gateway.call('GET', path)).text)
    }
    expect(answers.length).toBeGreaterThan(72)
    for (const text of answers) {
      for (const secret of [webhookSecret, own]) expect(text).not.toContain(secret)
      expect(text).not.toMatch(/advSecret|noiseKey|signedPreKey|mediaKey|privKey|"private"/i)
    }
  })
})

describe('the table of operations', () => {
  it('names each operation of the contract once', () => {
    const declared = Object.values(contract.paths).flatMap((methods) =>
      Object.values(methods).flatMap(({ operationId }) => (operationId === undefined ? [] : [operationId])),
    )
    const named = operations.map((operation) => operation.operationId)
    expect(new Set(named).size).toBe(named.length)
    expect(named.filter((name) => !declared.includes(name))).toEqual([])
    expect(named.toSorted()).toEqual(declared.toSorted())
    process.stdout.write(`operations ${named.length}/${declared.length}\n`)
  })
})
