import type { BinaryNode, SignalRepositoryWithLIDStore } from 'baileys'
import type { MessageJourneys } from './message-journeys.ts'

/** The slice of a Signal repository that is needed here. */
type Decrypter = Pick<SignalRepositoryWithLIDStore, 'decryptMessage' | 'decryptGroupMessage'> & {
  readonly lidMapping: Pick<SignalRepositoryWithLIDStore['lidMapping'], 'getPNForLID' | 'getLIDForPN'>
}

/** How many messages decryption may be ahead of handling; their commits are shared. */
const mostAhead = 100

/**
 * Decrypts messages when they arrive instead of when their turn to be handled comes. Baileys handles one message at a
 * time and waits for each one's commit; begun early, those commits are shared. What an early try yields is handed over
 * when Baileys asks for that very ciphertext; when it failed (the session or sender key comes with a message before it)
 * Baileys' own try decides. It stays close ahead of the handling: decrypting all of a long backlog first would leave a
 * process that is ended soon, again and again, with nothing handled.
 */
export class EarlyDecryption {
  readonly #begun = new WeakMap<Uint8Array, Promise<Uint8Array>>()
  /** In the order of arrival, in which ratchets advance with the least to remember. */
  readonly #queue: { readonly node: BinaryNode; readonly type: string; readonly ciphertext: Uint8Array }[] =
    []
  readonly #queued = new WeakSet<BinaryNode>()
  /** Begun, and their turn to be handled has not come. */
  readonly #ahead = new Set<BinaryNode>()
  readonly #journeys: Pick<MessageJourneys, 'arrived' | 'watch'> | null
  #repository: Decrypter | null = null

  /** `journeys` hears of arrivals and decryptions, where messages are timed. */
  constructor(journeys: Pick<MessageJourneys, 'arrived' | 'watch'> | null = null) {
    this.#journeys = journeys
  }

  /** Puts itself between Baileys and the repository. */
  serve(repository: Decrypter): void {
    this.#journeys?.watch(repository)
    const decryptMessage = repository.decryptMessage.bind(repository)
    const decryptGroupMessage = repository.decryptGroupMessage.bind(repository)
    this.#repository = { decryptMessage, decryptGroupMessage, lidMapping: repository.lidMapping }
    repository.decryptMessage = (options) => this.#answer(options.ciphertext, () => decryptMessage(options))
    repository.decryptGroupMessage = (options) =>
      this.#answer(options.msg, () => decryptGroupMessage(options))
  }

  /** Takes a message stanza; others are left alone. Never throws. */
  begin(node: BinaryNode): void {
    this.#journeys?.arrived(node)
    if (node.tag !== 'message' || !Array.isArray(node.content)) return
    // The second part of a stanza is encrypted with what the first one brings.
    const part = node.content.find((child) => child.tag === 'enc')
    if (part === undefined || !(part.content instanceof Uint8Array)) return
    this.#queue.push({ node, type: part.attrs.type ?? '', ciphertext: part.content })
    this.#queued.add(node)
    this.#advance()
  }

  /** The stanza's turn to be handled has come: what was not begun by now is Baileys' own. */
  handling(node: BinaryNode): void {
    this.#queued.delete(node)
    this.#ahead.delete(node)
    this.#advance()
  }

  #advance(): void {
    while (this.#ahead.size < mostAhead) {
      const next = this.#queue.shift()
      if (next === undefined) return
      if (!this.#queued.delete(next.node)) continue
      this.#ahead.add(next.node)
      const begun = this.#decrypt(next.node, next.type, next.ciphertext)
      begun.catch((error: unknown) => error)
      this.#begun.set(next.ciphertext, begun)
    }
  }

  async #answer(ciphertext: Uint8Array, decrypt: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const begun = this.#begun.get(ciphertext)
    if (begun === undefined) return decrypt()
    this.#begun.delete(ciphertext)
    return begun.catch(() => decrypt())
  }

  async #decrypt(node: BinaryNode, type: string, ciphertext: Uint8Array): Promise<Uint8Array> {
    const repository = this.#repository
    const { from = '', participant } = node.attrs
    const author = participant ?? from
    if (repository === null) throw new Error('no repository yet')
    if (type === 'skmsg') {
      return repository.decryptGroupMessage({ group: from, authorJid: author, msg: ciphertext })
    }
    if (type !== 'msg' && type !== 'pkmsg') throw new Error(`${type} is not decrypted early`)
    const jid = await this.#sessionOf(author, node, repository)
    return repository.decryptMessage({ jid, type, ciphertext })
  }

  /** Where the author's session is. While a phone-number JID's LID is being learnt the session moves: not early then. */
  async #sessionOf(author: string, node: BinaryNode, { lidMapping }: Decrypter): Promise<string> {
    if (author.endsWith('@lid')) return author
    const lid = node.attrs.participant_lid ?? node.attrs.sender_lid
    if (lid === undefined || (await lidMapping.getPNForLID(lid)) === null)
      throw new Error('address not settled')
    return (await lidMapping.getLIDForPN(author)) ?? author
  }
}
