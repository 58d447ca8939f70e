// Owns: a receiver of OTLP over HTTP that remembers spans, as a collector would take them.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import protobuf from 'protobufjs'
import { eventually } from './harness.ts'

/** The part of opentelemetry/proto/trace/v1 and collector/trace/v1 that exporters write. */
const schema = protobuf.parse(`
  syntax = "proto3";
  message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
  message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5;
    int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
    uint32 dropped_attributes_count = 10; repeated Event events = 11; uint32 dropped_events_count = 12;
    repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15; fixed32 flags = 16;
  }
  message Event {
    fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4;
  }
  message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; }
  message Status { string message = 2; int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; }
  }
`).root
const exportRequest = schema.lookupType('ExportTraceServiceRequest')

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const

/** A span as it arrived. `parent` is '' for the first of a trace; times are milliseconds since 1970. */
export interface ReceivedSpan {
  readonly trace: string
  readonly id: string
  readonly parent: string
  readonly name: string
  readonly kind: (typeof kinds)[number]
  readonly startMs: number
  readonly endMs: number
  readonly facts: Readonly<Record<string, unknown>>
  readonly isError: boolean
  /** Of the gateway that it comes from. */
  readonly resource: Readonly<Record<string, unknown>>
}

interface KeyValue {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

/** Hex in JSON, bytes in protobuf. */
type WireId = string | readonly number[]

interface WireSpan {
  readonly traceId: WireId
  readonly spanId: WireId
  readonly parentSpanId?: WireId
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes?: readonly KeyValue[]
  readonly status?: { readonly code?: number }
}

interface WireRequest {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] }
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[]
  }[]
}

/** Takes spans at `/v1/traces` in both forms of OTLP over HTTP, and can be told to answer otherwise or not at all. */
export class SpanReceiver {
  readonly spans: ReceivedSpan[] = []
  readonly requests: {
    readonly path: string
    readonly headers: IncomingMessage['headers']
    readonly text: string
  }[] = []
  /** Status of its answers; null: it takes a request and never answers. */
  status: number | null = 200
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const sent = Buffer.concat(chunks)
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
      this.requests.push({ path: request.url ?? '', headers: request.headers, text: body.toString('latin1') })
      if (this.status === null) return
      if (this.status === 200) this.spans.push(...spansOf(body, request.headers['content-type'] ?? ''))
      response.statusCode = this.status
      response.end()
    })
  })

  /** Starts listening; resolves to what OTEL_EXPORTER_OTLP_ENDPOINT is set to. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const { port } = this.#server.address() as AddressInfo // listening on TCP since the line above
    return `http://127.0.0.1:${port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** The spans of a trace, in the order they began. */
  of(trace: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.trace === trace).toSorted((a, b) => a.startMs - b.startMs)
  }

  /** Waits for a span that fits. */
  next(what: string, test: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> {
    return eventually(
      `a span: ${what}`,
      () => this.spans.find(test),
      () => this.spans.map(({ name, facts }) => [name, facts]),
    )
  }
}

function spansOf(body: Buffer, type: string): ReceivedSpan[] {
  const request = type.startsWith('application/json')
    ? (JSON.parse(body.toString()) as WireRequest)
    : decode(body)
  return (request.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => toSpan(span, factsOf(resource.attributes)))),
  )
}

function decode(body: Buffer): WireRequest {
  return exportRequest.toObject(exportRequest.decode(body), { longs: String, bytes: Array })
}

function toSpan(span: WireSpan, resource: ReceivedSpan['resource']): ReceivedSpan {
  return {
    trace: hexOf(span.traceId),
    id: hexOf(span.spanId),
    parent: hexOf(span.parentSpanId ?? ''),
    name: span.name,
    kind: kinds[span.kind] ?? 'unspecified',
    startMs: Number(BigInt(span.startTimeUnixNano) / 1000n) / 1000,
    endMs: Number(BigInt(span.endTimeUnixNano) / 1000n) / 1000,
    facts: factsOf(span.attributes ?? []),
    isError: span.status?.code === 2,
    resource,
  }
}

function hexOf(id: WireId): string {
  return typeof id === 'string' ? id : Buffer.from(id).toString('hex')
}

function factsOf(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]))
}

function plain(value: KeyValue['value']): unknown {
  const [[form, content] = ['', undefined]] = Object.entries(value)
  return form === 'intValue' ? Number(content) : content
}
