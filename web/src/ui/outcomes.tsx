import { Icon } from './icons.tsx'

/** What became of one of several. */
export interface Outcome {
  readonly who: string
  /** In the API's words. */
  readonly text: string
  readonly isGood: boolean
}

/** What became of each of several, for when it did not go the same way with all. */
export function Outcomes({ outcomes }: { readonly outcomes: readonly Outcome[] }) {
  return (
    <ul class="outcomes" aria-label="Outcomes">
      {outcomes.map(({ who, text, isGood }) => (
        <li key={who} class={`note ${isGood ? 'good' : 'bad'}`}>
          <Icon name={isGood ? 'good' : 'warn'} />
          <div>
            <b>{who}</b>
            <div>{text}</div>
          </div>
        </li>
      ))}
    </ul>
  )
}
