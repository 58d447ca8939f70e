// The only file that knows the SDK of OpenTelemetry. It is imported when the settings ask for traces, and not otherwise.
import type { Tracer } from '@opentelemetry/api'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { TracingConfig } from '../config/tracing-config.ts'
import type { Logger } from '../core/logger.ts'
import { SpanExporting } from './span-exporting.ts'

/** Where spans are made and sent from. */
export interface SpanProvider {
  readonly tracer: Tracer
  /** Sends what is left; resolves when it is sent or cannot be. */
  shutdown(): Promise<void>
}

/** Builds the SDK as the settings say. Spans wait in a queue of bounded length and are dropped when it is full. */
export async function openSpanProvider(
  config: TracingConfig,
  deps: { readonly version: string; readonly logger: Logger },
): Promise<SpanProvider> {
  const { batch } = config
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.name': 'gatewa',
        'service.version': deps.version,
        ...config.resource,
        ...(config.serviceName === undefined ? {} : { 'service.name': config.serviceName }),
      }),
    ),
    sampler: samplerOf(config.sampler),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new SpanExporting(await exporterOf(config), deps.logger),
        scheduledDelayMillis: batch.delayMs,
        maxQueueSize: batch.queueSize,
        maxExportBatchSize: Math.min(batch.exportSize, batch.queueSize),
        exportTimeoutMillis: batch.exportTimeoutMs,
      }),
    ],
  })
  return {
    tracer: provider.getTracer('gatewa', deps.version),
    shutdown: () => provider.shutdown(),
  }
}

/** What is not given here (compression, certificates) the exporter reads from the environment itself. */
async function exporterOf({ url, protocol, headers, timeoutMs }: TracingConfig): Promise<SpanExporter> {
  const options = { url, headers: { ...headers }, timeoutMillis: timeoutMs }
  if (protocol === 'http/json') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
    return new OTLPTraceExporter(options)
  }
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto')
  return new OTLPTraceExporter(options)
}

function samplerOf({ name, ratio }: TracingConfig['sampler']): Sampler {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler()
    case 'always_off':
      return new AlwaysOffSampler()
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio)
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() })
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() })
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) })
  }
}
