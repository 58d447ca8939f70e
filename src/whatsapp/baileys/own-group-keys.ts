import { areJidsSameUser, type GroupMetadata, type WASocket } from 'baileys'
import type { DeviceKeys } from './device-keys.ts'

export interface OwnGroupKeysDeps {
  readonly socket: Pick<WASocket, 'getUSyncDevices'>
  readonly keys: Pick<DeviceKeys, 'keys' | 'rotateSenderKey'>
  /** A group with its present members. */
  readonly groupOf: (group: string) => Promise<GroupMetadata>
}

/**
 * Keeps our key of a group among those who are in it. Whom the key was given to is compared with who is there before each
 * message; so it makes no difference whether a member left, was removed or unlinked a device, nor whether we were told.
 */
export class OwnGroupKeys {
  readonly #deps: OwnGroupKeysDeps

  constructor(deps: OwnGroupKeysDeps) {
    this.#deps = deps
  }

  /** Drops our key when somebody has it who should not read on. To be called in the group's line of messages. */
  async renewFor(group: string): Promise<void> {
    const { socket, keys, groupOf } = this.#deps
    const holders = (await keys.keys.get('sender-key-memory', [group]))[group]
    if (holders === undefined) return
    const { participants } = await groupOf(group)
    // The same question that Baileys asks for the message itself, so mostly answered from its cache.
    const devices = await socket.getUSyncDevices(
      participants.map(({ id }) => id),
      true,
      false,
    )
    const present = new Set(devices.map(({ jid }) => jid))
    if (Object.keys(holders).every((jid) => present.has(jid))) return
    await keys.rotateSenderKey(group)
  }
}

/** Whether somebody, by any of their addresses, is in a group. */
export function isParticipant(group: GroupMetadata, jid: string): boolean {
  return group.participants.some(({ id, lid, phoneNumber }) =>
    [id, lid, phoneNumber].some((address) => address !== undefined && areJidsSameUser(address, jid)),
  )
}
