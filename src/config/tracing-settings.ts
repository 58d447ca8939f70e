// The rows of the settings table that ask for traces. Names, forms and defaults are those of OpenTelemetry's specification.
import { z } from 'zod'
import { setting } from './setting.ts'
import { booleanText, integerText, optionalText, optionalUrl, pairsText } from './setting-forms.ts'

const protocols = ['http/protobuf', 'http/json', 'grpc'] as const
/** The ways to choose which traces are recorded. */
export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

function protocolText(fallback: '' | 'http/protobuf') {
  const rule = `write ${protocols.join(', ')}`
  return z
    .string()
    .refine((text) => text === fallback || protocols.some((protocol) => protocol === text), rule)
    .transform((text) => protocols.find((protocol) => protocol === text))
}

export const tracingSettings = {
  otelSdkDisabled: setting({
    group: 'Tracing',
    env: 'OTEL_SDK_DISABLED',
    flag: 'otel-sdk-disabled',
    type: 'boolean',
    default: 'false',
    description: 'Trace nothing, whatever the other settings say.',
    schema: booleanText,
  }),
  otelTracesExporter: setting({
    group: 'Tracing',
    env: 'OTEL_TRACES_EXPORTER',
    flag: 'otel-traces-exporter',
    type: 'choice',
    default: '',
    defaultNote: '`otlp` when an endpoint is set, otherwise `none`',
    choices: ['otlp', 'none'],
    description: 'Where spans go: to a receiver that speaks OTLP, or nowhere.',
    schema: z
      .string()
      .refine((text) => ['', 'otlp', 'none'].includes(text), 'write otlp or none')
      .transform((text) => (text === '' ? undefined : text)),
  }),
  otelEndpoint: setting({
    group: 'Tracing',
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    flag: 'otel-exporter-otlp-endpoint',
    type: 'text',
    default: '',
    defaultNote: '`http://localhost:4318` when OTEL_TRACES_EXPORTER is `otlp`',
    description:
      'URL of the receiver of spans (OTLP over HTTP); v1/traces is put behind it. Setting it turns tracing on.',
    schema: optionalUrl(['http', 'https']),
  }),
  otelTracesEndpoint: setting({
    group: 'Tracing',
    env: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    flag: 'otel-exporter-otlp-traces-endpoint',
    type: 'text',
    default: '',
    description: 'The same as the whole URL, to which nothing is added; it wins.',
    schema: optionalUrl(['http', 'https']),
  }),
  otelProtocol: setting({
    group: 'Tracing',
    env: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    flag: 'otel-exporter-otlp-protocol',
    type: 'choice',
    default: 'http/protobuf',
    choices: ['http/protobuf', 'http/json'],
    description: 'How spans are written. OTLP over gRPC is not spoken here.',
    schema: protocolText('http/protobuf'),
  }),
  otelTracesProtocol: setting({
    group: 'Tracing',
    env: 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    flag: 'otel-exporter-otlp-traces-protocol',
    type: 'choice',
    default: '',
    defaultNote: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    choices: ['http/protobuf', 'http/json'],
    description: 'The same for spans alone; it wins.',
    schema: protocolText(''),
  }),
  otelHeaders: setting({
    group: 'Tracing',
    env: 'OTEL_EXPORTER_OTLP_HEADERS',
    flag: 'otel-exporter-otlp-headers',
    type: 'list',
    default: '',
    secret: true,
    description: 'Headers for the receiver, as name=value with commas; values percent-encoded.',
    schema: pairsText,
  }),
  otelTracesHeaders: setting({
    group: 'Tracing',
    env: 'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
    flag: 'otel-exporter-otlp-traces-headers',
    type: 'list',
    default: '',
    secret: true,
    description: 'Further headers for spans alone; they win.',
    schema: pairsText,
  }),
  otelTimeout: setting({
    group: 'Tracing',
    env: 'OTEL_EXPORTER_OTLP_TIMEOUT',
    flag: 'otel-exporter-otlp-timeout',
    type: 'integer',
    default: '10000',
    unit: 'ms',
    description: 'How long the receiver may take for what is sent to it, repetitions included.',
    schema: integerText(1, 600_000),
  }),
  otelTracesTimeout: setting({
    group: 'Tracing',
    env: 'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT',
    flag: 'otel-exporter-otlp-traces-timeout',
    type: 'text',
    default: '',
    defaultNote: 'OTEL_EXPORTER_OTLP_TIMEOUT',
    unit: 'ms',
    description: 'The same for spans alone; it wins.',
    schema: z
      .string()
      .regex(/^\d{0,6}$/, 'write a whole number of milliseconds')
      .transform((text) => (text === '' ? undefined : Number(text))),
  }),
  otelServiceName: setting({
    group: 'Tracing',
    env: 'OTEL_SERVICE_NAME',
    flag: 'otel-service-name',
    type: 'text',
    default: '',
    defaultNote: 'service.name of OTEL_RESOURCE_ATTRIBUTES, else `gatewa`',
    description: 'What the gateway is called in traces.',
    schema: optionalText,
  }),
  otelResource: setting({
    group: 'Tracing',
    env: 'OTEL_RESOURCE_ATTRIBUTES',
    flag: 'otel-resource-attributes',
    type: 'list',
    default: '',
    description: 'What else every span says of this gateway, as name=value with commas.',
    schema: pairsText,
  }),
  otelSampler: setting({
    group: 'Tracing',
    env: 'OTEL_TRACES_SAMPLER',
    flag: 'otel-traces-sampler',
    type: 'choice',
    default: 'parentbased_always_on',
    choices: samplers,
    description: 'Which traces are recorded. The parentbased ones do as a caller’s traceparent says.',
    schema: z.enum(samplers, `write one of ${samplers.join(', ')}`),
  }),
  otelSamplerRatio: setting({
    group: 'Tracing',
    env: 'OTEL_TRACES_SAMPLER_ARG',
    flag: 'otel-traces-sampler-arg',
    type: 'text',
    default: '1.0',
    description: 'Part of the traces that the samplers by ratio record, from 0 to 1.',
    schema: z
      .string()
      .regex(/^\d*\.?\d+$/, { error: 'write a number from 0 to 1', abort: true })
      .transform(Number)
      .refine((ratio) => ratio <= 1, 'write a number from 0 to 1'),
  }),
  otelBatchDelay: setting({
    group: 'Tracing',
    env: 'OTEL_BSP_SCHEDULE_DELAY',
    flag: 'otel-bsp-schedule-delay',
    type: 'integer',
    default: '5000',
    unit: 'ms',
    description: 'How long spans are gathered before they are sent.',
    schema: integerText(1, 600_000),
  }),
  otelBatchQueue: setting({
    group: 'Tracing',
    env: 'OTEL_BSP_MAX_QUEUE_SIZE',
    flag: 'otel-bsp-max-queue-size',
    type: 'integer',
    default: '2048',
    unit: 'spans',
    description: 'Most spans that wait; those beyond are dropped.',
    schema: integerText(1, 1_000_000),
  }),
  otelBatchSize: setting({
    group: 'Tracing',
    env: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    flag: 'otel-bsp-max-export-batch-size',
    type: 'integer',
    default: '512',
    unit: 'spans',
    description: 'Most spans that are sent at once.',
    schema: integerText(1, 1_000_000),
  }),
  otelBatchTimeout: setting({
    group: 'Tracing',
    env: 'OTEL_BSP_EXPORT_TIMEOUT',
    flag: 'otel-bsp-export-timeout',
    type: 'integer',
    default: '30000',
    unit: 'ms',
    description: 'How long sending may take before these spans are given up.',
    schema: integerText(1, 600_000),
  }),
} as const
