import type { AnyMessageContent, BinaryNode } from 'baileys'

/** One kind of message in Baileys' words. Quote, mentions, forwarding and timer are put on later, the same way for every kind. */
export interface Made {
  readonly content: AnyMessageContent
  /** Attributes of the stanza beside the usual ones (`edit`). */
  readonly attributes?: Readonly<Record<string, string>>
  /** Nodes of the stanza beside the encrypted content (`meta`). */
  readonly nodes?: readonly BinaryNode[]
}
