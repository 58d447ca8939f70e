import { useEffect, useRef } from 'preact/hooks'
import { call } from '../api/client.ts'
import { useEvents } from '../api/live.ts'
import type { Device } from '../api/shapes.ts'
import { type Loaded, useLoad } from '../ui/use-load.ts'

/** Phases without an event of their own show within this time. */
const lookEveryMs = 5_000

/** All devices, kept fresh: by the events that tell of devices, and by a look now and then while the page is seen. */
export function useDevices(): Loaded<readonly Device[]> {
  const loaded = useLoad('devices', (signal) => call<readonly Device[]>('GET', 'devices', { signal }))
  useFreshness(loaded.reload)
  return loaded
}

/** One device, kept fresh in the same way. */
export function useDevice(id: string): Loaded<Device> {
  const loaded = useLoad(`device ${id}`, (signal) =>
    call<Device>('GET', `devices/${encodeURIComponent(id)}`, { signal }),
  )
  useFreshness(loaded.reload)
  return loaded
}

function useFreshness(reload: () => void): void {
  const latest = useRef(reload)
  latest.current = reload
  useEvents(({ event }) => {
    if (event.startsWith('device.') && event !== 'device.qr') latest.current()
  })
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) latest.current()
    }, lookEveryMs)
    return () => clearInterval(timer)
  }, [])
}
