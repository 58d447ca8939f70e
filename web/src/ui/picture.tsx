import { useEffect, useState } from 'preact/hooks'
import { fetchFile } from '../api/client.ts'
import { Face } from './parts.tsx'

/**
 * Somebody's picture, brought by the gateway; their initials where there is none to be seen. `version` fetches it again when
 * it changes.
 */
export function Picture({
  device,
  jid,
  name,
  version = 0,
}: {
  readonly device: string
  readonly jid: string
  readonly name: string
  readonly version?: number
}) {
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    const query = { phone: jid, is_preview: true }
    fetchFile('user/avatar/file', { device, query, signal: abort.signal }).then(
      (file) => {
        if (!abort.signal.aborted) setAddress(URL.createObjectURL(file))
      },
      () => {
        // Many have no picture, or hide it: the initials say as much.
        if (!abort.signal.aborted) setAddress(null)
      },
    )
    return () => abort.abort()
  }, [device, jid, version])
  // Let go of once another is shown, or none.
  useEffect(
    () => () => {
      if (address !== null) URL.revokeObjectURL(address)
    },
    [address],
  )
  if (address === null) return <Face name={name} />
  return <img class="face" src={address} alt={`Picture of ${name}`} />
}
