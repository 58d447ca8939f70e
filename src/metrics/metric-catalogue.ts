// Owns: every metric that the gateway itself has, in the order of docs/metrics.md. No label may hold a phone number, a chat, a
// message, a URL or anything else that strangers choose: its values must stay few and tell nothing.
import type { MetricDefinition } from './instruments.ts'

/** A metric, and how it is read: counted as things happen, sorted into buckets, or asked for at each scrape. */
export type CatalogueEntry = MetricDefinition &
  (
    | { readonly type: 'counter' | 'gauge' }
    /** Upper bounds in seconds. */
    | { readonly type: 'histogram'; readonly bounds: readonly number[] }
  )

const fast = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const database = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

export const catalogue = {
  info: {
    type: 'gauge',
    name: 'gatewa_info',
    labels: ['version'],
    help: 'Always 1; the label is the version of the program',
  },
  httpRequests: {
    type: 'counter',
    name: 'gatewa_http_requests_total',
    labels: ['method', 'route', 'status'],
    help: 'Requests answered, by the pattern of their route (none: no such route) and HTTP status',
  },
  httpSeconds: {
    type: 'histogram',
    name: 'gatewa_http_request_duration_seconds',
    labels: ['method', 'route'],
    bounds: fast,
    help: 'From a request to the end of its answer; event streams and WebSockets do not count',
  },
  sends: {
    type: 'counter',
    name: 'gatewa_sends_total',
    labels: ['kind', 'outcome'],
    help: 'Messages and changes handed to a session: accepted by WhatsApp, refused (for sure not sent) or unknown',
  },
  ackSeconds: {
    type: 'histogram',
    name: 'gatewa_send_ack_duration_seconds',
    labels: [],
    bounds: fast,
    help: "From handing a message to its session until WhatsApp's ack: encryption, uploads and waiting for earlier ones included",
  },
  received: {
    type: 'counter',
    name: 'gatewa_messages_received_total',
    labels: ['origin', 'type'],
    help: 'Messages that were new here: from a contact, or typed on another device of the account',
  },
  undecryptable: {
    type: 'counter',
    name: 'gatewa_decrypt_failures_total',
    labels: [],
    help: 'Messages that arrived and could not be decrypted; the sender is asked to send them again',
  },
  devices: {
    type: 'gauge',
    name: 'gatewa_devices',
    labels: ['state'],
    help: 'Devices by the state of their connection: open, connecting, pairing, waiting (tries again by itself), parked (linked, but only a command goes on) or idle (not linked)',
  },
  deviceConnected: {
    type: 'gauge',
    name: 'gatewa_device_connected',
    labels: ['device'],
    help: 'Whether a device is connected and can send; only with APP_METRICS_DEVICES, because device ids may tell who somebody is',
  },
  closes: {
    type: 'counter',
    name: 'gatewa_connection_closes_total',
    labels: ['reason'],
    help: 'Connections to WhatsApp that ended, by reason',
  },
  unsettled: {
    type: 'gauge',
    name: 'gatewa_unsettled_stanzas',
    labels: [],
    help: 'What arrived from WhatsApp, is in the journal, and is not yet settled',
  },
  attempts: {
    type: 'counter',
    name: 'gatewa_webhook_attempts_total',
    labels: ['endpoint', 'outcome'],
    help: 'Tries to deliver an event to an endpoint: delivered or failed',
  },
  givenUp: {
    type: 'counter',
    name: 'gatewa_webhook_events_given_up_total',
    labels: ['endpoint'],
    help: 'Events that an endpoint will not get any more unless somebody asks for a retry',
  },
  attemptSeconds: {
    type: 'histogram',
    name: 'gatewa_webhook_attempt_duration_seconds',
    labels: ['endpoint'],
    bounds: fast,
    help: "From a try's start until the endpoint answered or failed",
  },
  backlog: {
    type: 'gauge',
    name: 'gatewa_webhook_backlog',
    labels: ['endpoint'],
    help: 'Events that an endpoint has still to get',
  },
  backlogAge: {
    type: 'gauge',
    name: 'gatewa_webhook_backlog_age_seconds',
    labels: ['endpoint'],
    help: 'How long the oldest event has been waiting for an endpoint; 0 when none does',
  },
  databaseSeconds: {
    type: 'histogram',
    name: 'gatewa_database_transaction_duration_seconds',
    labels: ['outcome'],
    bounds: database,
    help: 'From asking for a transaction until it was durably committed or undone, waiting for its turn included',
  },
  mediaWork: {
    type: 'gauge',
    name: 'gatewa_media_conversions',
    labels: ['work', 'state'],
    help: 'Conversions of media that run, and that wait for their turn: pictures, and sound and video',
  },
  sockets: {
    type: 'gauge',
    name: 'gatewa_websockets',
    labels: [],
    help: 'Open WebSockets',
  },
  streams: {
    type: 'gauge',
    name: 'gatewa_event_followers',
    labels: [],
    help: 'Clients that follow the event log, over WebSocket or server-sent events',
  },
} as const satisfies Record<string, CatalogueEntry>

export type MetricKey = keyof typeof catalogue
type KeysOf<Type> = {
  [Key in MetricKey]: (typeof catalogue)[Key]['type'] extends Type ? Key : never
}[MetricKey]
export type CounterKey = KeysOf<'counter'>
export type HistogramKey = KeysOf<'histogram'>
export type GaugeKey = KeysOf<'gauge'>

/** What prom-client tells of the process; on other systems than Linux without file descriptors and virtual memory. */
export const processMetrics = [
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_cpu_seconds_total',
  'process_start_time_seconds',
  'process_resident_memory_bytes',
  'process_virtual_memory_bytes',
  'process_heap_bytes',
  'process_open_fds',
  'process_max_fds',
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_min_seconds',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_stddev_seconds',
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p90_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_active_resources',
  'nodejs_active_resources_total',
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_external_memory_bytes',
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_used_bytes',
  'nodejs_heap_space_size_available_bytes',
  'nodejs_version_info',
  'nodejs_gc_duration_seconds',
] as const
