// Owns: what the playground's forms have to hold, told by the gateway's document, and filling them in, in the page.
import { expect } from 'vitest'
import type { Gateway } from '../harness.ts'

interface Schema {
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly additionalProperties?: Schema
}

interface WireOperation {
  readonly operationId?: string
  readonly summary?: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

/** What is put into every input. */
export interface Filling {
  readonly text: string
  readonly fileName: string
}

/** An operation as the document has it. */
export interface DocumentedOperation {
  readonly id: string
  readonly summary: string
  readonly path: string
  /** Fails unless the words of its command carry a value for everything that the operation takes. */
  expectAll(words: readonly string[], filling: Filling): void
}

/** Every operation that the gateway documents. */
export async function documentedOperations(gateway: Gateway): Promise<readonly DocumentedOperation[]> {
  const { text } = await gateway.call('GET', '/openapi.json')
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, WireOperation>> } // the gateway's own document
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.values(item).flatMap((operation) =>
      operation.operationId === undefined
        ? []
        : [
            {
              id: operation.operationId,
              summary: operation.summary ?? path,
              path,
              expectAll: (words: readonly string[], filling: Filling) => expectAll(operation, words, filling),
            },
          ],
    ),
  )
}

function expectAll(operation: WireOperation, words: readonly string[], { text, fileName }: Filling): void {
  const name = operation.operationId ?? ''
  const url = new URL(words.find((word) => word.startsWith('http')) ?? '')
  for (const parameter of operation.parameters ?? []) {
    const value = sampleOf(parameter.schema, lineOf(text))
    const label = `${name} ${parameter.name}`
    if (parameter.in === 'path') expect(url.pathname, label).toContain(encodeURIComponent(value))
    else if (parameter.in === 'query') expect(url.searchParams.get(parameter.name), label).toBe(value)
    else
      expect(
        words.some((word) => word.startsWith(`${parameter.name}: `)),
        label,
      ).toBe(true)
  }
  const content = operation.requestBody?.content ?? {}
  const form = content['multipart/form-data']?.schema
  const json = content['application/json']?.schema
  if (form !== undefined)
    for (const [field, schema] of Object.entries(form.properties ?? {})) {
      const isFile = schema.format === 'binary'
      const escaped = fileName.replace(/["\\]/g, '\\$&')
      expect(words, `${name} ${field}`).toContain(
        isFile
          ? `${field}=@"${escaped}";type=image/png`
          : `${field}=${sampleOf(schema.items ?? schema, schema.items === undefined ? text : lineOf(text))}`,
      )
    }
  else if (json !== undefined) {
    const body: unknown = JSON.parse(words[words.indexOf('--data-raw') + 1] ?? '')
    expect(body, name).toEqual(valueOf(json, text))
  }
}

/** What an input of one line keeps of a text; parameters and the items of lists have such inputs. */
function lineOf(text: string): string {
  return text.replaceAll('\n', '')
}

function sampleOf(schema: Schema, text: string): string {
  const value = valueOf(schema, text)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What `fillEverything` makes of a schema. */
function valueOf(schema: Schema, text: string): unknown {
  if (schema.enum !== undefined) return schema.enum.at(-1)
  switch (schema.type) {
    case 'boolean':
      return false
    case 'integer':
    case 'number':
      return 7
    case 'array':
      return [valueOf(schema.items ?? {}, lineOf(text))]
    case 'object':
      return schema.properties === undefined
        ? { [text]: valueOf(schema.additionalProperties ?? {}, text) }
        : Object.fromEntries(
            Object.entries(schema.properties).map(([name, member]) => [name, valueOf(member, text)]),
          )
    case undefined:
    default:
      return text
  }
}

/**
 * In the page: gives every list of the form one item and every input a value: the last choice, 7, the text, or a file.
 * Resolves when the page has taken it in.
 */
export async function fillEverything({ text, fileName }: Filling): Promise<void> {
  interface Control {
    value: string
    readonly type: string
    readonly tagName: string
    readonly inputMode: string
    files: unknown
    readonly options: { readonly length: number; [index: number]: { readonly value: string } }
    dispatchEvent(event: unknown): void
    click(): void
    readonly textContent: string | null
    readonly ariaLabel: string | null
    closest(selector: string): { querySelectorAll(selector: string): { readonly length: number } } | null
  }
  interface Window {
    document: { querySelectorAll(selector: string): Iterable<Control> }
    Event: new (name: string, how: object) => unknown
    File: new (parts: string[], name: string, how: object) => unknown
    DataTransfer: new () => { items: { add(file: unknown): void }; files: unknown }
    requestAnimationFrame: (run: () => void) => void
  }
  const page = globalThis as unknown as Window // this runs in a page
  const drawn = () => new Promise<void>((resolve) => page.requestAnimationFrame(() => resolve()))
  for (const button of page.document.querySelectorAll('form.card button'))
    if (
      button.textContent?.startsWith('Add to ') === true &&
      button.closest('fieldset')?.querySelectorAll('.item').length === 0
    ) {
      button.click()
      await drawn()
    }
  await drawn()
  for (const control of page.document.querySelectorAll('form.card :is(input, textarea, select)')) {
    if (control.type === 'checkbox' || control.ariaLabel !== null) continue
    if (control.type === 'file') {
      const chosen = new page.DataTransfer()
      chosen.items.add(new page.File(['x'], fileName, { type: 'image/png' }))
      control.files = chosen.files
    } else if (control.tagName === 'SELECT')
      control.value = control.options[control.options.length - 1]?.value ?? ''
    else control.value = control.inputMode === 'decimal' ? '7' : text
    control.dispatchEvent(new page.Event('input', { bubbles: true }))
    control.dispatchEvent(new page.Event('change', { bubbles: true }))
    await drawn()
  }
  await drawn()
}
