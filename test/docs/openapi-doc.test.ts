import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { contract, type Document } from '../contract/contract.ts'

// `npm run check` holds the page to what a gateway serves; here it is held to the contract.
const page = parse(readFileSync(new URL('../../docs/openapi.yaml', import.meta.url), 'utf8')) as Document // made by our own script

function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation.operationId === undefined ? [] : [{ name: `${method} ${path}`, operation }],
    ),
  )
}

describe('docs/openapi.yaml', () => {
  it('has every operation of the contract at its place, under its id', () => {
    const served = new Map(operationsOf(page).map(({ name, operation }) => [name, operation.operationId]))
    const declared = operationsOf(contract)
    expect(declared).toHaveLength(72)
    for (const { name, operation } of declared) expect(served.get(name), name).toBe(operation.operationId)
  })

  it('says of every JSON answer what it carries: what is not declared is not sent', () => {
    for (const { name, operation } of operationsOf(page)) {
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        const declared = content['application/json']
        if (declared !== undefined) expect(declared.schema, `${name} ${status}`).toBeTypeOf('object')
      }
    }
  })
})
