import { readFile } from 'node:fs/promises'
import { getBinaryNodeChild } from 'baileys'
import { AppError } from '../../../core/app-error.ts'
import type { Clock } from '../../../core/clock.ts'
import type { PrivacySettings, ProfileActions } from '../../profile-actions.ts'
import type { AppStateWriter } from './app-state.ts'
import { pushNamePatch } from './app-state-patches.ts'
import { askWhatsApp } from './baileys-people.ts'
import { isRefusedWith, uncertainTimeout } from './group-queries.ts'
import { setPictureQuery } from './people-nodes.ts'
import type { SocketAccess } from './socket-access.ts'

/** The account itself, through Baileys. */
export class BaileysProfile implements ProfileActions {
  readonly #access: SocketAccess
  readonly #appState: AppStateWriter
  readonly #clock: Clock

  constructor(deps: {
    readonly access: SocketAccess
    readonly appState: AppStateWriter
    readonly clock: Clock
  }) {
    this.#access = deps.access
    this.#appState = deps.appState
    this.#clock = deps.clock
  }

  async setPushName(name: string): Promise<void> {
    await this.#appState.write(pushNamePatch(name, this.#clock.now()))
    const { socket } = this.#access
    const { me } = socket.authState.creds
    // As Baileys does when another device changes the name: what we change ourselves it does not tell us.
    if (me !== undefined) socket.ev.emit('creds.update', { me: { ...me, name } })
  }

  async setPicture(jpegPath: string | null): Promise<string | null> {
    const jpeg = jpegPath === null ? null : await readFile(jpegPath)
    try {
      const answer = await askWhatsApp(this.#access, setPictureQuery(jpeg))
      return getBinaryNodeChild(answer, 'picture')?.attrs['id'] ?? null
    } catch (error) {
      if (isRefusedWith(error, 406)) throw new AppError('image_invalid', { cause: error })
      throw uncertainTimeout(error)
    }
  }

  async privacy(): Promise<PrivacySettings> {
    const settings = await this.#access.ask((socket) => socket.fetchPrivacySettings(true))
    return {
      groupAdd: settings['groupadd'] ?? '',
      lastSeen: settings['last'] ?? '',
      status: settings['status'] ?? '',
      profile: settings['profile'] ?? '',
      readReceipts: settings['readreceipts'] ?? '',
    }
  }
}
