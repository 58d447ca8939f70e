import type { Clock } from '../core/clock.ts'
import type { Backlog } from '../outbox/delivery-store.ts'
import type { SessionPhase, SessionStatus } from '../sessions/session-status.ts'
import type { GaugeReaders } from './metrics.ts'

/** What is looked at when somebody scrapes. */
export interface GaugeSources {
  readonly version: string
  readonly connections: { statuses(): readonly SessionStatus[] }
  readonly webhooks: { backlog(): Promise<readonly Backlog[]> }
  readonly media: {
    load(): Readonly<Record<string, { readonly running: number; readonly waiting: number }>>
  }
  readonly hub: { readonly size: number }
  readonly stream: { readonly size: number }
  readonly clock: Clock
}

const phases: Readonly<Record<SessionPhase, true>> = {
  open: true,
  connecting: true,
  pairing: true,
  waiting: true,
  parked: true,
  idle: true,
}

/** The gauges, read from where the state is. `namesDevices`: tell of each device by its id. */
export function gaugesFrom(sources: GaugeSources, namesDevices: boolean): GaugeReaders {
  const statuses = () => sources.connections.statuses()
  const ageSeconds = (since: Date | null) =>
    since === null ? 0 : Math.max(0, sources.clock.now().getTime() - since.getTime()) / 1000
  return {
    info: () => [{ labels: [sources.version], value: 1 }],
    devices: () =>
      Object.keys(phases).map((phase) => ({
        labels: [phase],
        value: statuses().filter((status) => status.phase === phase).length,
      })),
    deviceConnected: () =>
      namesDevices
        ? statuses().map(({ deviceId, isLoggedIn }) => ({ labels: [deviceId], value: Number(isLoggedIn) }))
        : [],
    unsettled: () => [
      {
        labels: [],
        value: statuses().reduce((sum, { health }) => sum + (health?.unsettledStanzas ?? 0), 0),
      },
    ],
    backlog: async () =>
      (await sources.webhooks.backlog()).map(({ endpointId, pending }) => ({
        labels: [endpointId],
        value: pending,
      })),
    backlogAge: async () =>
      (await sources.webhooks.backlog()).map(({ endpointId, oldestAt }) => ({
        labels: [endpointId],
        value: ageSeconds(oldestAt),
      })),
    mediaWork: () =>
      Object.entries(sources.media.load()).flatMap(([work, { running, waiting }]) => [
        { labels: [work, 'running'], value: running },
        { labels: [work, 'waiting'], value: waiting },
      ]),
    sockets: () => [{ labels: [], value: sources.hub.size }],
    streams: () => [{ labels: [], value: sources.stream.size }],
  }
}
