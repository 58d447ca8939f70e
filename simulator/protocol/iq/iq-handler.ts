import type { BinaryNode } from 'baileys'
import type { Account } from '../../state/account.ts'
import type { LinkedDevice } from '../../state/linked-device.ts'
import type { World } from '../../state/world.ts'
import type { ClientConnection } from '../../transport/client-connection.ts'
import type { Router } from '../push/router.ts'

/** Who asks and what the server can do about it. */
export interface IqContext {
  world: World
  /** The account whose client asks. */
  account: Account
  /** The client's device. */
  device: LinkedDevice
  connection: ClientConnection
  router: Router
  /** Sends a notification (acked by the client, kept until then) to one device, by default the asking one. */
  push(notification: BinaryNode, to?: LinkedDevice): void
}

/** A refusal: becomes `<iq type=error><error code text/></iq>`. */
export class IqError {
  readonly code: number
  readonly text: string

  constructor(code: number, text: string) {
    this.code = code
    this.text = text
  }
}

/** Answers the IQs of one namespace that linked devices send. */
export interface IqHandler {
  xmlns: string
  /**
   * Returns the children of the result (an empty list is an empty result), an error, or undefined when this
   * handler does not know the request; then the next handler of that namespace is asked.
   */
  handle(iq: BinaryNode, ctx: IqContext): Promise<BinaryNode[] | IqError | undefined>
}
