import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { DrawableCode, QrPictures } from './qr-pictures.ts'

/** A code that a phone can scan. */
export interface LoginCode extends DrawableCode {
  readonly shownAt: Date
}

/** How the service reaches the device's connection; `Sessions` is one. */
export interface LoginSessions {
  login(deviceId: DeviceId): Promise<LoginCode>
  requestPairingCode(deviceId: DeviceId, phone: string): Promise<string>
  refuseCommands(): void
}

/** Which slots there are; `DeviceReader` is one. */
export interface KnownDevices {
  exists(id: DeviceId): Promise<boolean>
}

/** A login by QR code: its picture, and after how many seconds to ask for the next one. */
export interface QrLogin {
  readonly deviceId: DeviceId
  readonly pictureName: string
  readonly durationSeconds: number
  /** What the picture shows. Whoever has it can link the device: not for logs. */
  readonly text: string
}

export interface LoginServiceDeps {
  readonly sessions: LoginSessions
  readonly devices: KnownDevices
  readonly pictures: QrPictures
  readonly clock: Clock
}

const fewestPhoneDigits = 7

/** Starts logins. A repeated call joins the flow that is open instead of breaking it. */
export class LoginService {
  readonly #deps: LoginServiceDeps

  constructor(deps: LoginServiceDeps) {
    this.#deps = deps
  }

  /** Rejects with `device_not_found`, `already_logged_in`, `qr_channel_failed`, `whatsapp_unreachable`, `engine_outdated`. */
  async byQrCode(deviceId: DeviceId): Promise<QrLogin> {
    await this.#demand(deviceId)
    const code = await this.#deps.sessions.login(deviceId)
    const pictureName = await this.#deps.pictures.nameOf(code)
    return { deviceId, pictureName, durationSeconds: this.#askAgainAfter(code), text: code.text }
  }

  /** The code to type on the phone, as `XXXX-XXXX`. Rejects like `byQrCode`, with `validation_failed`, `pairing_code_failed`. */
  async byPairingCode(deviceId: DeviceId, phone: string | undefined): Promise<string> {
    const digits = parsePairingPhone(phone ?? '')
    await this.#demand(deviceId)
    const code = await this.#deps.sessions.requestPairingCode(deviceId, digits)
    return `${code.slice(0, 4)}-${code.slice(4)}`
  }

  /** Ends logins that wait for a code, so that a server that closes need not wait for them. */
  stop(): void {
    this.#deps.sessions.refuseCommands()
  }

  async #demand(deviceId: DeviceId): Promise<void> {
    if (await this.#deps.devices.exists(deviceId)) return
    throw new AppError('device_not_found', {
      message: `device ${deviceId} not found`,
      details: { deviceId },
    })
  }

  /** Half the code's life: 30 s for the first, 10 s for later ones; less when the code is older than that. */
  #askAgainAfter(code: LoginCode): number {
    const half = (code.expiresAt.getTime() - code.shownAt.getTime()) / 2
    const left = code.expiresAt.getTime() - this.#deps.clock.now().getTime()
    return Math.max(1, Math.floor(Math.min(half, left) / 1000))
  }
}

/** Reads the phone number that a pairing code is for; digits only. Raises `validation_failed`. */
function parsePairingPhone(phone: string): string {
  if (phone === '') throw invalid(`phone_number(${phone}): cannot be blank`)
  if (!/^\+?[0-9]{1,15}$/.test(phone)) throw invalid(`phone_number(${phone}): must be in a valid format`)
  const digits = phone.replace('+', '')
  if (digits.length < fewestPhoneDigits) throw invalid('phone number too short')
  if (digits.startsWith('0')) throw invalid('international phone number required (must not start with 0)')
  return digits
}

function invalid(message: string): AppError {
  return new AppError('validation_failed', { message })
}
