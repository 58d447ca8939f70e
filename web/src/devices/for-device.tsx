import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Device } from '../api/shapes.ts'
import { goTo, hrefOf } from '../routing.ts'
import type { IconName } from '../ui/icons.tsx'
import { Empty, Loading, Problem } from '../ui/parts.tsx'
import { calledOf } from './device-state.ts'
import { useDevices } from './use-devices.ts'

const lastDeviceKey = 'gatewa.device'

/**
 * Shows what belongs to one device. Which one is the second part of the address; without it, the one that was looked at last.
 * The children get the device, and the chooser to show where there are several.
 */
export function ForDevice({
  section,
  wanted,
  icon,
  what,
  children,
}: {
  /** First part of the address. */
  readonly section: string
  /** Second part of the address. */
  readonly wanted: string | undefined
  readonly icon: IconName
  /** What is shown, in the plural. */
  readonly what: string
  readonly children: (device: Device, chooser: ComponentChildren) => ComponentChildren
}) {
  const { data: devices, error } = useDevices()
  const chosen = devices === null ? undefined : chooseDevice(devices, wanted)
  const id = chosen?.id
  useEffect(() => {
    if (id === undefined) return
    sessionStorage.setItem(lastDeviceKey, id)
    if (wanted === undefined) location.replace(hrefOf(section, id))
  }, [id, wanted])
  if (devices === null) return error === null ? <Loading what={what} /> : <Problem error={error} />
  if (chosen === undefined)
    return (
      <Empty icon={icon} title={`No ${what} yet`}>
        <p>They appear when an account is linked to a device.</p>
        <a class="button main" href={hrefOf('devices')}>
          Go to the devices
        </a>
      </Empty>
    )
  const chooser = devices.length > 1 && (
    <select
      class="input device-choice"
      aria-label="Device"
      value={chosen.id}
      onChange={(event) => goTo(section, event.currentTarget.value)}
    >
      {devices.map((device) => (
        <option key={device.id} value={device.id}>
          {calledOf(device)}
        </option>
      ))}
    </select>
  )
  return <>{children(chosen, chooser)}</>
}

function chooseDevice(devices: readonly Device[], wanted: string | undefined): Device | undefined {
  const last = sessionStorage.getItem(lastDeviceKey)
  return (
    devices.find(({ id }) => id === wanted) ??
    devices.find(({ id }) => id === last) ??
    devices.find(({ state }) => state === 'logged_in') ??
    devices[0]
  )
}
