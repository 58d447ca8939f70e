import type { operations, webhooks } from './generated/api-types.ts'

/** Name of an operation, as in the OpenAPI document. */
export type OperationId = keyof operations

/** Shows an intersection as one object. */
type Plain<T> = { [Name in keyof T]: T[Name] }
type OrNothing<T> = [NonNullable<T>] extends [never] ? unknown : NonNullable<T>

type PathOf<Op> = Op extends { parameters: { path?: infer Path } } ? OrNothing<Path> : unknown
type QueryOf<Op> = Op extends { parameters: { query?: infer Query } } ? OrNothing<Query> : unknown

type JsonOrForm<Content> = Content extends { 'application/json': infer Body }
  ? OrNothing<Body>
  : Content extends { 'multipart/form-data': infer Form }
    ? OrNothing<Form>
    : unknown

type BodyOf<Op> = Op extends { requestBody: { content: infer Content } }
  ? JsonOrForm<Content>
  : Op extends { requestBody?: { content: infer Content } }
    ? Partial<JsonOrForm<Content>>
    : unknown

/** What an operation takes: the members of its path, query and body, under the names of the API, in one object. */
export type Input<Id extends OperationId> = Plain<
  PathOf<operations[Id]> & QueryOf<operations[Id]> & BodyOf<operations[Id]>
>

type Success<Op> = Op extends { responses: { 200: { content: infer Content } } } ? Content : never

type ResultsIn<Json> = 'results' extends keyof Json
  ? Json['results']
  : 'code' extends keyof Json
    ? undefined
    : Json

/** What an operation resolves to: `results` of the answer; a text or a Blob where the answer is no JSON. */
export type Results<Id extends OperationId> =
  Success<operations[Id]> extends { 'application/json': infer Json }
    ? ResultsIn<Json>
    : Success<operations[Id]> extends { 'text/plain': unknown } | { 'text/csv': unknown }
      ? string
      : Blob

/** What is said about a call beside its input. */
export interface CallOptions {
  /** The device that the call is for; else the client's, else the only one there is. */
  readonly device?: string
  /** Makes repeating the call safe for 24 hours. One is made for each call that takes one when absent. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

/** One operation as a function. */
export type Call<Id extends OperationId> =
  object extends Input<Id>
    ? (input?: Input<Id>, options?: CallOptions) => Promise<Results<Id>>
    : (input: Input<Id>, options?: CallOptions) => Promise<Results<Id>>

/** All operations of the API, under their names. */
export type Operations = { readonly [Id in OperationId]: Call<Id> }

/** Name of a kind of event: `message`, `message.ack`, `device.connected` … */
export type EventKind = keyof webhooks

/** The body of one kind of event, as webhooks carry it. */
export type EventBody<Kind extends EventKind> =
  webhooks[Kind]['post']['requestBody']['content']['application/json']

/** The body of any event; `event` tells which. */
export type WebhookEvent = { [Kind in EventKind]: EventBody<Kind> }[EventKind]

/** An event of the log. */
export type LoggedEvent = {
  [Kind in EventKind]: {
    /** Where to go on: give it as `after`. */
    readonly cursor: string
    /** The same everywhere and at every delivery. */
    readonly id: string
    /** Number within the device, without gaps. */
    readonly seq: number
    readonly created_at: string
    readonly event: Kind
    readonly body: EventBody<Kind>
  }
}[EventKind]
