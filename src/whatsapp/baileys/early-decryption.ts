import type { BinaryNode, SignalRepositoryWithLIDStore } from 'baileys'
import { SerialQueue } from '../../core/serial-queue.ts'

/** The slice of a Signal repository that is needed here. */
type Decrypter = Pick<SignalRepositoryWithLIDStore, 'decryptMessage' | 'decryptGroupMessage'> & {
  readonly lidMapping: Pick<SignalRepositoryWithLIDStore['lidMapping'], 'getPNForLID' | 'getLIDForPN'>
}

/** Decryptions under way at once; each waits for its commit, and many share one. */
const maxUnderWay = 100

/**
 * Decrypts messages when they arrive instead of when their turn to be handled comes. Baileys handles one message at a
 * time and waits for each one's commit; begun early, those commits are shared. What an early try yields is handed over
 * when Baileys asks for that very ciphertext; when it failed (the session or sender key comes with a message before it)
 * Baileys' own try decides.
 */
export class EarlyDecryption {
  readonly #begun = new WeakMap<Uint8Array, Promise<Uint8Array>>()
  /** Keeps the order of arrival, in which ratchets advance with the least to remember. */
  readonly #line = new SerialQueue()
  #repository: Decrypter | null = null
  #underWay = 0
  #resume: (() => void) | null = null

  /** Puts itself between Baileys and the repository. */
  serve(repository: Decrypter): void {
    const decryptMessage = repository.decryptMessage.bind(repository)
    const decryptGroupMessage = repository.decryptGroupMessage.bind(repository)
    this.#repository = { decryptMessage, decryptGroupMessage, lidMapping: repository.lidMapping }
    repository.decryptMessage = (options) => this.#answer(options.ciphertext, () => decryptMessage(options))
    repository.decryptGroupMessage = (options) =>
      this.#answer(options.msg, () => decryptGroupMessage(options))
  }

  /** Begins with a message stanza; others are left alone. Never throws. */
  begin(node: BinaryNode): void {
    if (node.tag !== 'message' || !Array.isArray(node.content)) return
    // The second part of a stanza is encrypted with what the first one brings.
    const part = node.content.find((child) => child.tag === 'enc')
    if (part === undefined || !(part.content instanceof Uint8Array)) return
    const ciphertext = part.content
    const begun = this.#line
      .run(async () => {
        await this.#freePlace()
        const plaintext = this.#decrypt(node, part.attrs.type ?? '', ciphertext)
        // Wrapped: the line waits for the beginning only.
        return { plaintext: this.#counted(plaintext) }
      })
      .then(({ plaintext }) => plaintext)
    begun.catch((error: unknown) => error)
    this.#begun.set(ciphertext, begun)
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

  async #freePlace(): Promise<void> {
    if (this.#underWay >= maxUnderWay) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve
      })
    }
    this.#underWay++
  }

  async #counted<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } finally {
      this.#underWay--
      this.#resume?.()
      this.#resume = null
    }
  }
}
