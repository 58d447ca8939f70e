import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** One of the views between which `Tabs` chooses. */
export interface Tab<Name extends string> {
  readonly name: Name
  readonly label: string
}

/** Views of one thing of which one is shown; arrow keys go from tab to tab. */
export function Tabs<Name extends string>({
  label,
  tabs,
  shown,
  onShow,
  children,
}: {
  readonly label: string
  readonly tabs: readonly Tab<Name>[]
  readonly shown: Name
  readonly onShow: (name: Name) => void
  /** The view that is shown. */
  readonly children: ComponentChildren
}) {
  const id = useId()
  const at = tabs.findIndex(({ name }) => name === shown)
  const step = (event: KeyboardEvent, by: number) => {
    event.preventDefault()
    const next = tabs[(at + by + tabs.length) % tabs.length]
    if (next === undefined) return
    onShow(next.name)
    document.getElementById(`${id}-${next.name}`)?.focus()
  }
  return (
    <>
      <div
        class="tabs"
        role="tablist"
        aria-label={label}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') step(event, 1)
          if (event.key === 'ArrowLeft') step(event, -1)
        }}
      >
        {tabs.map((tab) => (
          <button
            key={tab.name}
            type="button"
            role="tab"
            id={`${id}-${tab.name}`}
            aria-selected={tab.name === shown}
            aria-controls={`${id}-view`}
            tabIndex={tab.name === shown ? 0 : -1}
            onClick={() => onShow(tab.name)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div id={`${id}-view`} class="tab-view" role="tabpanel" aria-labelledby={`${id}-${shown}`}>
        {children}
      </div>
    </>
  )
}
