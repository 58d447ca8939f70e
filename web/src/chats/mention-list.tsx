import { shownAddress } from '../ui/format.ts'
import { Face } from '../ui/parts.tsx'
import { mentionNameOf } from './mentions.ts'
import type { Mentions } from './use-mentions.ts'

/** Id of the suggestion that Enter chooses; undefined when nothing is suggested. */
export function markedIdOf({ listId, people, marked }: Mentions): string | undefined {
  return people.length === 0 ? undefined : `${listId}-${marked}`
}

/** Who can be mentioned; chosen with the mouse here, with the keys where the text is written. */
export function MentionList({ mentions }: { readonly mentions: Mentions }) {
  const { listId, people, marked, choose } = mentions
  return (
    <>
      {people.length > 0 && (
        <ul class="mentions" role="listbox" id={listId} aria-label="Mention somebody">
          {people.map((person, index) => (
            <li
              key={person.jid}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === marked}
              // The place to write keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(person)}
            >
              <Face name={mentionNameOf(person)} />
              <b class="cut">{mentionNameOf(person)}</b>
              <span class="soft small cut">{shownAddress(person.jid)}</span>
            </li>
          ))}
        </ul>
      )}
      <div class="unseen" role="status">
        {people.length > 0 && `${people.length} people can be mentioned`}
      </div>
    </>
  )
}
