import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { ChunkedList } from './chunked-list.tsx'
import { Icon } from './icons.tsx'

/** Everything is here already; there is nothing to fetch. */
const nothingToFetch = () => undefined

/** A list that was fetched as a whole, of any length: searched by words, counted, and only in part in the page. */
export function FilteredList<Item>({
  label,
  searchLabel,
  noun,
  items,
  wordsOf,
  rowPx,
  row,
  children,
}: {
  readonly label: string
  readonly searchLabel: string
  /** What the items are, for the count: `['group', 'groups']`. */
  readonly noun: readonly [one: string, many: string]
  readonly items: readonly Item[]
  /** Where the words are looked for. */
  readonly wordsOf: (item: Item) => string
  /** Height of a row. */
  readonly rowPx: number
  readonly row: (item: Item) => ComponentChildren
  /** Beside the search. */
  readonly children?: ComponentChildren
}) {
  const [typed, setTyped] = useState('')
  const search = typed.trim().toLowerCase()
  const found = useMemo(() => {
    const words = search.split(/\s+/).filter((word) => word !== '')
    if (words.length === 0) return items
    return items.filter((item) => {
      const text = wordsOf(item).toLowerCase()
      return words.every((word) => text.includes(word))
    })
  }, [items, search])
  const count = `${found.length} ${found.length === 1 ? noun[0] : noun[1]}`
  return (
    <>
      <div class="split-find">
        <label class="find">
          <Icon name="search" />
          <span class="unseen">{searchLabel}</span>
          <input
            class="input"
            type="search"
            placeholder="Search"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        {children}
      </div>
      <div class="list-count soft small" role="status">
        {search === '' ? count : `${count} of ${items.length}`}
      </div>
      {found.length > 0 && (
        <ChunkedList
          key={search}
          label={label}
          total={found.length}
          estimatePx={rowPx}
          start="top"
          onChunks={nothingToFetch}
          item={(index) => {
            const item = found[index]
            return item === undefined ? null : row(item)
          }}
        />
      )}
    </>
  )
}
