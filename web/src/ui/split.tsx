import type { ComponentChildren } from 'preact'
import type { IconName } from './icons.tsx'
import { Empty } from './parts.tsx'

/** A list beside what was chosen in it; on narrow windows one of the two. */
export function Split({
  label,
  chooser,
  actions,
  list,
  icon,
  hint,
  children,
}: {
  /** The list's heading. */
  readonly label: string
  readonly chooser: ComponentChildren
  /** Buttons beside the heading. */
  readonly actions?: ComponentChildren
  readonly list: ComponentChildren
  readonly icon: IconName
  /** Shown beside the list when nothing is chosen. */
  readonly hint: string
  /** What was chosen; null when nothing is. */
  readonly children: ComponentChildren | null
}) {
  return (
    <div class={children === null ? 'split' : 'split has-open'}>
      <section class="split-side" aria-label={label}>
        <header class="split-head">
          <h1>{label}</h1>
          {chooser}
          {actions}
        </header>
        {list}
      </section>
      {children ?? (
        <div class="split-none">
          <Empty icon={icon} title={hint} />
        </div>
      )}
    </div>
  )
}
