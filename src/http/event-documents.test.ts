import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { examples } from '../../test/docs/event-examples.ts'
import { eventKinds } from '../core/event-envelope.ts'
import { asyncApiDocument, openApiWebhooks } from './event-documents.ts'
import { aServer } from './test-server.ts'

interface AsyncApi {
  readonly asyncapi: string
  readonly components: { readonly messages: Readonly<Record<string, { name: string; payload: object }>> }
}

describe('the published schemas of events', () => {
  const document = asyncApiDocument({ version: '1', basePath: '/gate' }) as AsyncApi // made one function above
  const ajv = new Ajv({ strict: false, formats: { 'date-time': true } })

  it.each([...eventKinds])('%s takes the example of the documentation and nothing else', (kind) => {
    const message = Object.values(document.components.messages).find(({ name }) => name === kind)
    const check = ajv.compile(message?.payload ?? { not: {} })
    const { body } = examples[kind]
    expect(check(body), JSON.stringify(check.errors)).toBe(true)
    expect(check({ ...body, payload: { unknown: 1 } })).toBe(false)
    expect(Object.keys(openApiWebhooks('openapi-3.0'))).toContain(kind)
  })

  it('are served', async () => {
    const app = await aServer({})
    const asyncApi = await app.inject('/asyncapi.json')
    expect(asyncApi.json<AsyncApi>().asyncapi).toBe('3.0.0')
    const openApi = await app.inject('/openapi.json')
    expect(Object.keys(openApi.json<{ 'x-webhooks': object }>()['x-webhooks'])).toEqual([...eventKinds])
  })
})
