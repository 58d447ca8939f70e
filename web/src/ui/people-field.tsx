import { Field } from './parts.tsx'

/** The numbers or JIDs in a text, one per line or with commas between them. */
export function peopleIn(text: string): string[] {
  return text
    .split(/[\n,;]/)
    .map((entry) => (entry.includes('@') ? entry.trim() : entry.replace(/[^\d+]/g, '')))
    .filter((entry) => entry !== '')
}

/** Where people are named by their numbers. */
export function PeopleField({
  label,
  value,
  onValue,
}: {
  readonly label: string
  readonly value: string
  readonly onValue: (value: string) => void
}) {
  return (
    <Field label={label} hint="Phone numbers with the country’s code, one per line.">
      {(ids) => (
        <textarea
          {...ids}
          class="input"
          rows={4}
          required
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
