import type { z } from 'zod'
import { type samplers, tracingSettings } from './tracing-settings.ts'

type TracingKey = keyof typeof tracingSettings
type TracingValues = {
  readonly [Key in TracingKey]: z.output<(typeof tracingSettings)[Key]['schema']>
}

/** What making and sending spans needs. @sensitive */
export interface TracingConfig {
  /** Absent: the resource's, else the program's. */
  readonly serviceName?: string
  readonly resource: Readonly<Record<string, string>>
  /** Where spans are posted to. */
  readonly url: string
  readonly protocol: 'http/protobuf' | 'http/json'
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** `ratio` counts for samplers that go by one. */
  readonly sampler: { readonly name: (typeof samplers)[number]; readonly ratio: number }
  readonly batch: {
    readonly delayMs: number
    readonly queueSize: number
    readonly exportSize: number
    readonly exportTimeoutMs: number
  }
}

const defaultEndpoint = 'http://localhost:4318'

/** The settings of tracing put together; null when they do not ask for it. */
export function toTracing(values: TracingValues): TracingConfig | null {
  if (!isAsked(values)) return null
  const { otelServiceName: serviceName } = values
  return {
    ...(serviceName === undefined ? {} : { serviceName }),
    resource: values.otelResource,
    url: values.otelTracesEndpoint ?? tracesUrl(values.otelEndpoint ?? defaultEndpoint),
    protocol: protocolOf(values) === 'http/json' ? 'http/json' : 'http/protobuf',
    headers: { ...values.otelHeaders, ...values.otelTracesHeaders },
    timeoutMs: values.otelTracesTimeout ?? values.otelTimeout,
    sampler: { name: values.otelSampler, ratio: values.otelSamplerRatio },
    batch: {
      delayMs: values.otelBatchDelay,
      queueSize: values.otelBatchQueue,
      exportSize: values.otelBatchSize,
      exportTimeoutMs: values.otelBatchTimeout,
    },
  }
}

/** What of these settings cannot be done. */
export function tracingProblems(values: Partial<TracingValues>): readonly string[] {
  if (!isAsked(values) || protocolOf(values) !== 'grpc') return []
  const key = values.otelTracesProtocol === 'grpc' ? 'otelTracesProtocol' : 'otelProtocol'
  return [
    `${tracingSettings[key].env} is "grpc", which is not spoken here: set it to http/protobuf and the endpoint to the receiver’s HTTP port (4318), or OTEL_TRACES_EXPORTER=none`,
  ]
}

function isAsked(values: Partial<TracingValues>): boolean {
  if (values.otelSdkDisabled === true || values.otelTracesExporter === 'none') return false
  const isNamed = values.otelEndpoint !== undefined || values.otelTracesEndpoint !== undefined
  return values.otelTracesExporter === 'otlp' || isNamed
}

function protocolOf(values: Partial<TracingValues>) {
  return values.otelTracesProtocol ?? values.otelProtocol
}

function tracesUrl(endpoint: string): string {
  return `${endpoint.replace(/\/+$/, '')}/v1/traces`
}
