// The shapes of channels, as /openapi.json describes them; only members that the dashboard uses.

export interface Channel {
  readonly id: string
  /** `active`, `suspended` … */
  readonly state: { readonly type: string }
  readonly thread_metadata: {
    readonly creation_time: string
    /** Code of its link; empty without one. */
    readonly invite: string
    readonly name: { readonly text: string }
    readonly description: { readonly text: string }
    readonly subscribers_count: string
    readonly verification: string
  }
  readonly viewer_metadata?: { readonly mute: string; readonly role: string }
}

export interface ChannelPost {
  /** Counts up within a channel. */
  readonly server_id: number
  readonly message_id: string
  readonly type: string
  readonly timestamp: string
  readonly views_count: number
  readonly reaction_counts?: Readonly<Record<string, number>>
  readonly text?: string
}

/** What to call a channel. */
export function channelNameOf({ id, thread_metadata: { name } }: Channel): string {
  return name.text === '' ? id.replace(/@.*$/, '') : name.text
}

/** `1,200 followers`. */
export function followersOf({ thread_metadata: { subscribers_count: text } }: Channel): string {
  const count = Number(text)
  if (!Number.isFinite(count)) return ''
  return count === 1 ? '1 follower' : `${count.toLocaleString()} followers`
}

/** Whether the account may post in it. */
export function mayPost({ viewer_metadata: viewer }: Channel): boolean {
  return /^(owner|admin)$/i.test(viewer?.role ?? '')
}
