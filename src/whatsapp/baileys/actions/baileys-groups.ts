import { readFile } from 'node:fs/promises'
import { type BinaryNode, generateMessageIDV2, getBinaryNodeChild } from 'baileys'
import { AppError } from '../../../core/app-error.ts'
import type { Group } from '../../group.ts'
import type { GroupActions, GroupSwitch } from '../../group-actions.ts'
import type { Jid } from '../../jid.ts'
import type { ChatFacts } from '../../whatsapp-event.ts'
import { unreadable } from '../baileys-errors.ts'
import {
  groupIq,
  groupServer,
  node,
  parseGroup,
  parseGroups,
  parseJoined,
  peopleNodes,
  pictureIq,
} from './group-nodes.ts'
import { GroupQueries, inviteError, isRefusedWith, uncertainTimeout } from './group-queries.ts'
import { privacyTokens } from './privacy-tokens.ts'
import type { ActionsDeps } from './session-actions.ts'

const switchTags: Readonly<Record<GroupSwitch, readonly [on: string, off: string]>> = {
  locked: ['locked', 'unlocked'],
  announce: ['announcement', 'not_announcement'],
}

/** Groups, asked in WhatsApp's own stanzas: Baileys' calls leave out much of the answers. */
export class BaileysGroups implements GroupActions {
  readonly #deps: ActionsDeps
  readonly #queries: GroupQueries

  constructor(deps: ActionsDeps) {
    this.#deps = deps
    this.#queries = new GroupQueries(deps.access)
  }

  async list(): Promise<readonly Group[]> {
    const request = node('participating', {}, [node('participants'), node('description')])
    const groups = parseGroups(await this.#queries.ask(groupIq(groupServer, 'get', request)))
    for (const { members } of groups) this.#deps.learn(members)
    this.#deps.tell(
      groups.map(({ jid, subject }) => ({ type: 'chat.updated', chat: { jid, name: subject.text } })),
    )
    return groups
  }

  async info(group: Jid): Promise<Group> {
    const answer = await this.#queries.read(group, node('query', { request: 'interactive' }))
    const found = this.#read(answer)
    this.#deps.tell([{ type: 'chat.updated', chat: factsOf(found) }])
    return found
  }

  async create(subject: string, people: readonly Jid[]): Promise<Group> {
    const tokens = await this.#deps.access.ask((socket) => privacyTokens(socket, people))
    const attrs = { subject, key: generateMessageIDV2(this.#deps.access.user?.id) }
    const request = node('create', attrs, peopleNodes(people, tokens))
    const group = this.#read(await this.#queries.ask(groupIq(groupServer, 'set', request)).catch(certainly))
    await this.#appear(group)
    return group
  }

  async leave(group: Jid): Promise<void> {
    // WhatsApp takes leaving a group that one is not in without a word.
    await this.#queries.read(group, node('query', { request: 'interactive' }))
    const request = node('leave', {}, [node('group', { id: group })])
    await this.#change(group, groupIq(groupServer, 'set', request))
  }

  async inviteInfo(code: string): Promise<Group> {
    const question = groupIq(groupServer, 'get', node('invite', { code }))
    return this.#read(await this.#queries.ask(question).catch(refuseInvite))
  }

  async join(code: string): Promise<{ group: Jid; state: 'joined' | 'requested' }> {
    const question = groupIq(groupServer, 'set', node('invite', { code }))
    const joined = parseJoined(await this.#queries.ask(question).catch(refuseInvite))
    if (joined === null) throw unreadable()
    this.#deps.caches.groups.invalidate(joined.group)
    if (joined.state === 'joined') await this.#appear(await this.info(joined.group))
    return joined
  }

  async inviteCode(group: Jid, isReset: boolean): Promise<string> {
    const question = groupIq(group, isReset ? 'set' : 'get', node('invite'))
    const answer = await this.#queries.change(group, question).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'group_not_admin') throw error
      const message = "you don't have the permission to get the group's invite link"
      throw new AppError('group_not_admin', { message, cause: error })
    })
    const code = getBinaryNodeChild(answer, 'invite')?.attrs['code']
    if (code === undefined) throw unreadable()
    return code
  }

  async setSubject(group: Jid, subject: string): Promise<void> {
    await this.#change(group, groupIq(group, 'set', node('subject', {}, Buffer.from(subject))))
    // WhatsApp need not tell a change to the device that made it.
    await this.#keep({ jid: group, name: subject })
  }

  async setTopic(group: Jid, topic: string): Promise<void> {
    try {
      await this.#describe(group, topic)
    } catch (error) {
      // Somebody else described it in between: the second try is made on theirs.
      if (!isRefusedWith(error, 409)) throw error
      await this.#describe(group, topic)
    }
  }

  async setSwitch(group: Jid, setting: GroupSwitch, isOn: boolean): Promise<void> {
    const [on, off] = switchTags[setting]
    await this.#change(group, groupIq(group, 'set', node(isOn ? on : off)))
  }

  async setTimer(group: Jid, seconds: number): Promise<void> {
    const setting = seconds > 0 ? node('ephemeral', { expiration: String(seconds) }) : node('not_ephemeral')
    await this.#change(group, groupIq(group, 'set', setting))
    await this.#keep({ jid: group, expirationSeconds: seconds })
  }

  async setPicture(group: Jid, jpegPath: string | null): Promise<string | null> {
    const jpeg = jpegPath === null ? null : await readFile(jpegPath)
    const answer = await this.#queries.change(group, pictureIq(group, jpeg)).catch((error: unknown) => {
      throw isRefusedWith(error, 406) ? new AppError('image_invalid', { cause: error }) : error
    })
    return getBinaryNodeChild(answer, 'picture')?.attrs['id'] ?? null
  }

  /** A description names the one it replaces. */
  async #describe(group: Jid, topic: string): Promise<void> {
    const before = (await this.info(group)).topic?.id
    const attrs = {
      ...(topic === '' ? { delete: 'true' } : { id: generateMessageIDV2(this.#deps.access.user?.id) }),
      ...(before === undefined || before === '' ? {} : { prev: before }),
    }
    const body = topic === '' ? undefined : [node('body', {}, Buffer.from(topic))]
    await this.#change(group, groupIq(group, 'set', node('description', attrs, body)))
  }

  #read(answer: BinaryNode): Group {
    const group = parseGroup(getBinaryNodeChild(answer, 'group'))
    if (group === null) throw unreadable()
    this.#deps.learn(group.members)
    return group
  }

  async #change(group: Jid, change: BinaryNode): Promise<void> {
    await this.#queries.change(group, change)
    this.#deps.caches.groups.invalidate(group)
  }

  /** A group we are in from now on: it has a chat, written to now. */
  async #appear(group: Group): Promise<void> {
    await this.#keep({ ...factsOf(group), lastMessageAt: this.#deps.clock.now() })
  }

  /** What was changed is there to be read when the change is answered. */
  async #keep(chat: ChatFacts): Promise<void> {
    this.#deps.tell([{ type: 'chat.updated', chat }])
    await this.#deps.committed()
  }
}

/** What is kept of a group: its chat's name and timer. */
function factsOf({ jid, subject, expirationSeconds }: Group): ChatFacts {
  return { jid, name: subject.text, expirationSeconds }
}

function refuseInvite(error: unknown): never {
  throw uncertainTimeout(inviteError(error))
}

function certainly(error: unknown): never {
  throw uncertainTimeout(error)
}
