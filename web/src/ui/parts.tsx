import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { ApiError } from '../api/client.ts'
import { Icon, type IconName } from './icons.tsx'

/** A labelled input. `children` gets the ids to wear. */
export function Field({
  label,
  hint,
  children,
}: {
  readonly label: string
  readonly hint?: ComponentChildren
  readonly children: (ids: { readonly id: string; readonly 'aria-describedby'?: string }) => ComponentChildren
}) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(hint === undefined ? { id } : { id, 'aria-describedby': `${id}-hint` })}
      {hint !== undefined && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  )
}

/** What went wrong, in the API's own sentence. */
export function Problem({ error }: { readonly error: unknown }) {
  return (
    <div class="note bad" role="alert">
      <Icon name="warn" />
      <div>{sentenceOf(error)}</div>
    </div>
  )
}

/** The sentence of an error, with a capital and a full stop. */
export function sentenceOf(error: unknown): string {
  const text = error instanceof Error && error.message !== '' ? error.message : 'Something went wrong.'
  const sentence = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}

/** Whether the API says that the thing is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <div class="loading" role="status">
      <div class="spinner" />
      <span class="unseen">Loading {what}</span>
    </div>
  )
}

export function Empty({
  icon,
  title,
  children,
}: {
  readonly icon: IconName
  readonly title: string
  readonly children?: ComponentChildren
}) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** A round with somebody's initials; pictures would come from other hosts. */
export function Face({ name }: { readonly name: string }) {
  const words = name
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .trim()
    .split(/\s+/)
  const first = Array.from(words[0] ?? '')[0] ?? '#'
  const last = words.length > 1 ? (Array.from(words.at(-1) ?? '')[0] ?? '') : ''
  return (
    <span class="face" aria-hidden="true">
      {/^\p{N}/u.test(first) ? '#' : (first + last).toUpperCase()}
    </span>
  )
}
