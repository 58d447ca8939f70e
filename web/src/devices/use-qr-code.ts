import { useCallback, useEffect, useState } from 'preact/hooks'
import { call, fetchFile } from '../api/client.ts'
import type { QrLogin } from '../api/shapes.ts'

/** Renewed for so long without a click; after that nobody is taken to be there. */
const shownForMs = 5 * 60_000

/** A QR code to scan now. */
export interface ShownQrCode {
  /** Address of the picture; null while it is fetched. */
  readonly picture: string | null
  /** What the picture says; null while it is fetched. */
  readonly text: string | null
  readonly error: unknown
  /** Nobody scanned for minutes; `renew` goes on. */
  readonly isPaused: boolean
  readonly secondsLeft: number
  /** What is left of its time, 1 to 0. */
  readonly share: number
  readonly renew: () => void
}

/** Shows a device's QR codes one after another for as long as the component is shown. */
export function useQrCode(deviceId: string): ShownQrCode {
  const [round, setRound] = useState(0)
  const [code, setCode] = useState<{ picture: string; text: string; endsAt: number; lastsMs: number } | null>(
    null,
  )
  const [error, setError] = useState<unknown>(null)
  const [isPaused, setPaused] = useState(false)
  const [now, setNow] = useState(Date.now())

  useEffect(() => {
    const abort = new AbortController()
    const endsAt = Date.now() + shownForMs
    let shown: string | null = null
    let timer = 0
    const next = async () => {
      const login = await call<QrLogin>('GET', `devices/${encodeURIComponent(deviceId)}/login`, {
        signal: abort.signal,
      })
      // Only the name is taken from the link: a proxy may call this gateway otherwise than the gateway thinks.
      const name = login.qr_link.slice(login.qr_link.lastIndexOf('/') + 1)
      const file = await fetchFile(`statics/qrcode/${name}`, { signal: abort.signal })
      if (abort.signal.aborted) return
      if (shown !== null) URL.revokeObjectURL(shown)
      shown = URL.createObjectURL(file)
      const lastsMs = Math.max(login.qr_duration, 1) * 1000
      setNow(Date.now())
      setCode({ picture: shown, text: login.qr_code, endsAt: Date.now() + lastsMs, lastsMs })
      timer = window.setTimeout(() => {
        if (Date.now() < endsAt) go()
        else setPaused(true)
      }, lastsMs)
    }
    const go = () => {
      next().catch((thrown: unknown) => {
        if (!abort.signal.aborted) setError(thrown)
      })
    }
    go()
    return () => {
      abort.abort()
      clearTimeout(timer)
      if (shown !== null) URL.revokeObjectURL(shown)
    }
  }, [deviceId, round])

  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])

  const renew = useCallback(() => {
    setError(null)
    setPaused(false)
    setCode(null)
    setRound((last) => last + 1)
  }, [])
  const leftMs = code === null ? 0 : Math.max(code.endsAt - now, 0)
  return {
    picture: code?.picture ?? null,
    text: code?.text ?? null,
    error,
    isPaused,
    secondsLeft: Math.ceil(leftMs / 1000),
    share: code === null ? 0 : leftMs / code.lastsMs,
    renew,
  }
}
