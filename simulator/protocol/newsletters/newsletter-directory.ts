import { type BinaryNode, QueryIds } from 'baileys'
import type { Account } from '../../state/account.ts'
import type { NewsletterState, NewsletterText } from '../../state/newsletter-state.ts'
import type { World } from '../../state/world.ts'
import type { IqContext, IqHandler } from '../iq/iq-handler.ts'
import { child, el, text } from '../stanza.ts'
import type { NewsletterActions } from './newsletter-actions.ts'

/** Ids under which clients of different age list the newsletters they follow. */
const SUBSCRIBED_IDS = ['25399611239711790', '33101596156151910', '6388546374527196']

type Variables = Record<string, unknown>
type Query = (variables: Variables, ctx: IqContext) => [path: string, data: unknown]

/** A refusal in the words of the directory. */
class MexError extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** `w:mex`: queries in JSON by number, of which newsletters are the greater part. */
export class NewsletterDirectory implements IqHandler {
  readonly xmlns = 'w:mex'
  /** Ids that the server knows no longer; what asks under one is refused. */
  readonly retiredIds = new Set<string>()
  readonly #world: World
  readonly #actions: NewsletterActions
  readonly #queries: Map<string, Query>

  constructor(world: World, actions: NewsletterActions) {
    this.#world = world
    this.#actions = actions
    this.#queries = new Map<string, Query>([
      ...SUBSCRIBED_IDS.map((id): [string, Query] => [id, (_, ctx) => this.#subscribed(ctx)]),
      [QueryIds.METADATA, (variables, ctx) => this.#metadata(variables, ctx)],
      [QueryIds.CREATE, (variables, ctx) => this.#create(variables, ctx)],
      [QueryIds.FOLLOW, (variables, ctx) => this.#follow(variables, ctx)],
      [QueryIds.UNFOLLOW, (variables, ctx) => this.#unfollow(variables, ctx)],
      [QueryIds.MUTE, (variables, ctx) => this.#mute(variables, ctx, true)],
      [QueryIds.UNMUTE, (variables, ctx) => this.#mute(variables, ctx, false)],
    ])
  }

  async handle(iq: BinaryNode, ctx: IqContext): Promise<BinaryNode[] | undefined> {
    const asked = child(iq, 'query')
    const id = asked?.attrs['query_id'] ?? ''
    const query = this.#queries.get(id)
    if (!query) return undefined
    if (this.retiredIds.has(id)) return [failure(400, `GraphQL query ${id} is not known`)]
    try {
      const [path, data] = query(variablesIn(asked), ctx)
      return [el('result', {}, Buffer.from(JSON.stringify({ data: { [path]: data } })))]
    } catch (error) {
      if (error instanceof MexError) return [failure(error.code, error.message)]
      throw error
    }
  }

  #subscribed({ account }: IqContext): [string, unknown] {
    const followed = [...this.#world.newsletters.values()].filter(({ members }) => members.has(account))
    return ['xwa2_newsletter_subscribed', followed.map((each) => metadata(each, account))]
  }

  #metadata(variables: Variables, { account }: IqContext): [string, unknown] {
    const { key, type } = objectIn(variables, 'input')
    const found = [...this.#world.newsletters.values()].find(({ jid, invite }) =>
      type === 'INVITE' ? invite === key : jid === key,
    )
    if (!found) throw new MexError(404, 'Not Found')
    return ['xwa2_newsletter', metadata(found, account)]
  }

  #create(variables: Variables, { account }: IqContext): [string, unknown] {
    const { name, description } = objectIn(variables, 'input')
    if (typeof name !== 'string' || name === '') throw new MexError(400, 'Bad Request')
    const made = this.#actions.create(account, name, typeof description === 'string' ? description : '')
    // Clients read the picture of what they have just made, so there is one, if without an id.
    return ['xwa2_newsletter_create', metadata(made, account, true)]
  }

  #follow(variables: Variables, { account }: IqContext): [string, unknown] {
    const newsletter = this.#named(variables)
    this.#actions.follow(newsletter, account)
    return ['xwa2_newsletter_join_v2', { id: newsletter.jid, state: { type: newsletter.state } }]
  }

  #unfollow(variables: Variables, { account }: IqContext): [string, unknown] {
    const newsletter = this.#named(variables)
    const role = newsletter.members.get(account)
    if (role === undefined) throw new MexError(404, 'Not Found')
    if (role === 'owner') throw new MexError(403, 'Forbidden')
    this.#actions.unfollow(newsletter, account)
    return ['xwa2_newsletter_leave_v2', { id: newsletter.jid, state: { type: newsletter.state } }]
  }

  #mute(variables: Variables, { account }: IqContext, mute: boolean): [string, unknown] {
    const newsletter = this.#named(variables)
    if (!newsletter.members.has(account)) throw new MexError(403, 'Forbidden')
    if (mute) newsletter.muted.add(account)
    else newsletter.muted.delete(account)
    return [mute ? 'xwa2_newsletter_mute_v2' : 'xwa2_newsletter_unmute_v2', { id: newsletter.jid }]
  }

  #named(variables: Variables): NewsletterState {
    const jid = variables['newsletter_id']
    const newsletter = typeof jid === 'string' ? this.#world.newsletter(jid) : undefined
    if (!newsletter) throw new MexError(404, 'Not Found')
    return newsletter
  }
}

function failure(code: number, message: string): BinaryNode {
  const errors = [{ message, extensions: { error_code: code, severity: 'CRITICAL' } }]
  return el('result', {}, Buffer.from(JSON.stringify({ data: null, errors })))
}

function variablesIn(query: BinaryNode | undefined): Variables {
  return objectIn(JSON.parse(text(query)), 'variables')
}

function objectIn(value: unknown, name: string): Variables {
  const inner: unknown =
    typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined
  return typeof inner === 'object' && inner !== null ? { ...inner } : {}
}

function metadata(newsletter: NewsletterState, viewer: Account, isNew = false): object {
  const { picture, members } = newsletter
  const role = members.get(viewer)
  const image = (type: string) => ({ id: picture?.id ?? '', type, direct_path: picture?.directPath ?? '' })
  return {
    id: newsletter.jid,
    state: { type: newsletter.state },
    thread_metadata: {
      creation_time: String(newsletter.createdAt),
      invite: newsletter.invite,
      name: textOf(newsletter.name),
      description: textOf(newsletter.description),
      subscribers_count: String([...members.values()].filter((each) => each === 'subscriber').length),
      verification: newsletter.isVerified ? 'VERIFIED' : 'UNVERIFIED',
      picture: picture || isNew ? image('IMAGE') : null,
      preview: image('PREVIEW'),
      settings: { reaction_codes: { value: newsletter.reactionCodes } },
    },
    viewer_metadata: {
      mute: newsletter.muted.has(viewer) ? 'ON' : 'OFF',
      role: role === undefined ? 'GUEST' : role.toUpperCase(),
    },
  }
}

function textOf({ text: value, id, setAt }: NewsletterText): object {
  return { text: value, id, update_time: String(setAt) }
}
