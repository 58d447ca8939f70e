// Whom a text that is being written mentions. It shows names; what is sent names people by their numbers, as WhatsApp does.
import type { Participant } from '../groups/shapes.ts'
import { shownAddress } from '../ui/format.ts'

/** Somebody who was chosen from the suggestions. */
export interface Mention {
  /** As it stands in the text, with the @. */
  readonly shown: string
  readonly jid: string
}

/** The beginning of a mention that is being written. */
export interface MentionStart {
  /** Index of the @. */
  readonly at: number
  /** What is written behind it so far. */
  readonly words: string
}

/** So many people are suggested at once. */
const mostSuggested = 8

/** What is being written before the caret, when it is a mention. */
export function mentionStart(text: string, caret: number): MentionStart | null {
  const [, words] = /(?:^|\s)@([^\s@]*)$/u.exec(text.slice(0, caret)) ?? []
  return words === undefined ? null : { at: caret - words.length - 1, words }
}

/** Who fits what is written: a word of the name, or the number, begins so. */
export function suggested(people: readonly Participant[], words: string): Participant[] {
  const wanted = words.toLowerCase()
  return people
    .filter((person) =>
      `${mentionNameOf(person)} ${person.jid}`
        .toLowerCase()
        .split(/[\s+]+/)
        .some((word) => word.startsWith(wanted)),
    )
    .slice(0, mostSuggested)
}

/** What to call somebody in a mention. */
export function mentionNameOf({ display_name: name, jid }: Participant): string {
  return name === undefined || name === '' ? shownAddress(jid) : name
}

/** The mention of somebody; with their number where another chosen one is called the same. */
export function toMention(person: Participant, chosen: readonly Mention[]): Mention {
  const shown = `@${mentionNameOf(person)}`
  const isTaken = chosen.some((each) => each.shown === shown && each.jid !== person.jid)
  return { shown: isTaken ? `${shown} ${shownAddress(person.jid)}` : shown, jid: person.jid }
}

/** What is sent: the text with numbers in place of the chosen names that are still in it, and who they are. */
export function withNumbers(
  text: string,
  chosen: readonly Mention[],
): { readonly message: string; readonly mentions: readonly string[] } {
  const mentions: string[] = []
  let message = text
  // Longer names first: one may begin with another.
  for (const { shown, jid } of [...chosen].sort((a, b) => b.shown.length - a.shown.length)) {
    const named = message.replaceAll(standing(shown), `@${jid.replace(/@.*$/, '')}`)
    if (named !== message) mentions.push(jid)
    message = named
  }
  return { message, mentions: [...new Set(mentions)] }
}

/** The words where they stand by themselves: `@Bo` is nothing in `@Bobby`. */
function standing(words: string): RegExp {
  return new RegExp(`${words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu')
}
