import { useId, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import type { Participant } from '../groups/shapes.ts'
import { tellError } from '../ui/toasts.tsx'
import { type Mention, mentionStart, suggested, toMention, withNumbers } from './mentions.ts'

/** Suggestions while a mention is being written. */
export interface Mentions {
  readonly listId: string
  /** Empty: nothing is suggested. */
  readonly people: readonly Participant[]
  /** Index of the one that Enter chooses. */
  readonly marked: number
  /** The caret moved, or the text changed. */
  readonly look: (text: string, caret: number) => void
  /** Takes the keys that are meant for the suggestions; false: the key means what it always does. */
  readonly onKey: (key: string) => boolean
  readonly choose: (person: Participant) => void
  /** What to send for a text. */
  readonly toSend: (text: string) => ReturnType<typeof withNumbers>
}

/** Suggests a group's participants behind an @; `onText` is told the text with the one who was chosen, and the caret. */
export function useMentions(
  device: string,
  group: string | null,
  onText: (text: string, caret: number) => void,
): Mentions {
  const listId = useId()
  const [all, setAll] = useState<readonly Participant[] | null>(null)
  const [written, setWritten] = useState({ text: '', caret: 0 })
  const [marked, setMarked] = useState(0)
  const [dismissedAt, setDismissedAt] = useState(-1)
  const [chosen, setChosen] = useState<readonly Mention[]>([])
  const start = group === null ? null : mentionStart(written.text, written.caret)
  const people = start === null || start.at === dismissedAt || all === null ? [] : suggested(all, start.words)

  const load = (jid: string) => {
    setAll([])
    call<{ participants: readonly Participant[] }>('GET', 'group/participants', {
      device,
      query: { group_id: jid },
    }).then(
      (results) => setAll(results.participants),
      (error: unknown) => {
        tellError(error)
        setAll(null)
      },
    )
  }
  const choose = (person: Participant) => {
    if (start === null) return
    const mention = toMention(person, chosen)
    const before = `${written.text.slice(0, start.at)}${mention.shown} `
    setChosen([...chosen.filter(({ shown }) => shown !== mention.shown), mention])
    setMarked(0)
    setWritten({ text: before + written.text.slice(written.caret), caret: before.length })
    onText(before + written.text.slice(written.caret), before.length)
  }
  const onKey = (key: string): boolean => {
    if (people.length === 0) return false
    const person = people[Math.min(marked, people.length - 1)]
    if (key === 'ArrowDown') setMarked((marked + 1) % people.length)
    else if (key === 'ArrowUp') setMarked((marked - 1 + people.length) % people.length)
    else if (key === 'Escape') setDismissedAt(start?.at ?? -1)
    else if ((key === 'Enter' || key === 'Tab') && person !== undefined) choose(person)
    else return false
    return true
  }
  return {
    listId,
    people,
    marked: Math.min(marked, Math.max(people.length - 1, 0)),
    look: (text, caret) => {
      setWritten({ text, caret })
      const begun = group === null ? null : mentionStart(text, caret)
      if (begun === null) setDismissedAt(-1)
      if (begun?.words !== start?.words) setMarked(0)
      if (begun !== null && all === null && group !== null) load(group)
    },
    onKey,
    choose,
    toSend: (text) => withNumbers(text, chosen),
  }
}
