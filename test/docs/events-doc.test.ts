import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { eventKinds, referenceKinds } from '../../src/core/event-envelope.ts'
import { eventBodySchema } from '../../src/features/events/event-schemas.ts'
import { ackDescriptions } from '../../src/features/messages/message-events.ts'
import { examples, interactiveExample } from './event-examples.ts'

const text = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')

/** Sections headed by a kind, with their text. */
const sections = new Map(
  [...text.matchAll(/^### `([^`]+)`\n([\s\S]*?)(?=^#|(?![\s\S]))/gm)].map((match) => [
    match[1],
    match[2] ?? '',
  ]),
)

describe('docs/events.md', () => {
  it('describes every kind, and none that does not exist, in the order of the catalogue', () => {
    expect([...sections.keys()]).toEqual([...eventKinds])
  })

  it.each([...eventKinds])('shows %s as the code makes it, and says when it is sent', (kind) => {
    const section = sections.get(kind) ?? ''
    const json = /```json\n([\s\S]*?)```/.exec(section)?.[1] ?? 'null'
    expect(JSON.parse(json)).toEqual(examples[kind].body)
    expect(section).toMatch(/^\nSent when /)
  })

  it('shows a message with buttons as the code makes it', () => {
    const [, second] = [...(sections.get('message') ?? '').matchAll(/```json\n([\s\S]*?)```/g)]
    expect(JSON.parse(second?.[1] ?? 'null')).toEqual(interactiveExample.body)
    expect(eventBodySchema('message').safeParse(interactiveExample.body)).toMatchObject({ success: true })
  })

  it.each([...eventKinds])('shows a %s that fits its schema', (kind) => {
    expect(eventBodySchema(kind).safeParse(examples[kind].body)).toMatchObject({ success: true })
  })

  it('marks exactly the kinds that have to be asked for', () => {
    for (const kind of eventKinds) {
      const isMarked = (sections.get(kind) ?? '').includes('Only to endpoints that name it')
      expect(isMarked, kind).toBe(!referenceKinds.has(kind))
    }
  })

  it('quotes the descriptions of receipts to the letter', () => {
    for (const description of Object.values(ackDescriptions)) expect(text).toContain(description)
  })
})
