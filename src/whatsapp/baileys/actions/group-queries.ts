import type { BinaryNode } from 'baileys'
import { AppError } from '../../../core/app-error.ts'
import type { Jid } from '../../jid.ts'
import { groupIq, node } from './group-nodes.ts'
import type { SocketAccess } from './socket-access.ts'

/** So long may WhatsApp take over a large group, or over many. */
const largeAnswerLimitMs = 30_000

/** Asks WhatsApp about groups, and says what its refusals mean there. */
export class GroupQueries {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  /** Asks a question; rejects with WhatsApp's bare refusal. */
  ask(question: BinaryNode): Promise<BinaryNode> {
    return this.#access.ask(async (socket) => {
      // Baileys does not type its answers.
      const answer = (await socket.query(question, largeAnswerLimitMs)) as BinaryNode | undefined
      // Baileys resolves with nothing when its own time limit has passed.
      if (answer === undefined) throw new AppError('whatsapp_timeout')
      return answer
    }, largeAnswerLimitMs)
  }

  /** Asks something about one group: 404 and 403 have their meaning. */
  async read(group: Jid, request: BinaryNode): Promise<BinaryNode> {
    try {
      return await this.ask(groupIq(group, 'get', request))
    } catch (error) {
      throw groupError(error)
    }
  }

  /**
   * Changes a group. WhatsApp answers members and strangers alike with 401 or 403, so the group is asked for then: who is
   * in it lacks the right only. Without an answer the change may have happened.
   */
  async change(group: Jid, change: BinaryNode): Promise<BinaryNode> {
    try {
      return await this.ask(change)
    } catch (error) {
      if (isRefusedWith(error, 401, 403)) {
        await this.read(group, node('query', { request: 'interactive' }))
        throw new AppError('group_not_admin', { cause: error })
      }
      throw uncertainTimeout(groupError(error))
    }
  }
}

/** What WhatsApp's refusal means of a group that was named. */
function groupError(error: unknown): unknown {
  if (isRefusedWith(error, 404)) return new AppError('group_not_found', { cause: error })
  if (isRefusedWith(error, 401, 403)) return new AppError('group_not_member', { cause: error })
  return error
}

/** What WhatsApp's refusal means of an invite link. */
export function inviteError(error: unknown): unknown {
  if (isRefusedWith(error, 410)) return new AppError('group_invite_revoked', { cause: error })
  if (isRefusedWith(error, 400, 404, 406)) return new AppError('group_invite_invalid', { cause: error })
  return error
}

/** A change without an answer may have happened all the same. */
export function uncertainTimeout(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'whatsapp_timeout') return error
  return new AppError('whatsapp_timeout', {
    message: 'WhatsApp did not answer in time; the change may have been made all the same',
    certain: false,
    cause: error,
  })
}

/** Whether WhatsApp refused with one of these numbers. */
export function isRefusedWith(error: unknown, ...codes: readonly number[]): boolean {
  const code = error instanceof AppError ? error.details?.['whatsappCode'] : undefined
  return typeof code === 'number' && codes.includes(code)
}
