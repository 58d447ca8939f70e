import { useId } from 'preact/hooks'
import { Icon } from '../ui/icons.tsx'
import { Field } from '../ui/parts.tsx'
import type { Schema } from './document.ts'
import { type Draft, emptyDraft, inputOf, listOf, membersOf } from './draft.ts'

interface FieldProps {
  readonly label: string
  readonly schema: Schema
  readonly isRequired: boolean
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  /** Id of a list of suggestions. */
  readonly suggestions?: string | undefined
  /** Written on one line, as parameters are. */
  readonly isLine?: boolean
}

/** The input for a schema, of whatever kind, with what the document says about it. */
export function SchemaField(props: FieldProps) {
  const kind = inputOf(props.schema)
  switch (kind) {
    case 'object':
      return <ObjectFields {...props} />
    case 'list':
      return <ListFields {...props} schema={props.schema.items ?? {}} hint={hintOf(props.schema)} />
    case 'map':
      return <ListFields {...props} schema={entrySchema(props.schema)} hint={hintOf(props.schema)} />
    case 'file':
      return <FileField {...props} />
    case 'boolean':
      return <ChoiceField {...props} choices={['true', 'false']} />
    case 'choice':
      return <ChoiceField {...props} choices={props.schema.enum?.map(String) ?? []} />
    case 'text':
    case 'number':
    case 'raw':
      return <TextField {...props} kind={kind} />
  }
}

function TextField({
  label,
  schema,
  isRequired,
  draft,
  onDraft,
  suggestions,
  isLine = false,
  kind,
}: FieldProps & { readonly kind: 'text' | 'number' | 'raw' }) {
  const value = typeof draft === 'string' ? draft : ''
  return (
    <Field label={named(label, isRequired)} hint={hintOf(schema)}>
      {(ids) =>
        isLine || kind === 'number' ? (
          <input
            {...ids}
            class="input"
            autocomplete="off"
            list={suggestions}
            inputMode={kind === 'number' ? 'decimal' : 'text'}
            value={value}
            onInput={(event) => onDraft(event.currentTarget.value)}
          />
        ) : (
          <textarea
            {...ids}
            class={kind === 'raw' ? 'input mono' : 'input'}
            rows={Math.min(Math.max(value.split('\n').length, kind === 'raw' ? 3 : 1), 8)}
            placeholder={kind === 'raw' ? 'JSON' : undefined}
            value={value}
            onInput={(event) => onDraft(event.currentTarget.value)}
          />
        )
      }
    </Field>
  )
}

function ChoiceField({
  label,
  schema,
  isRequired,
  draft,
  onDraft,
  choices,
}: FieldProps & { readonly choices: readonly string[] }) {
  return (
    <Field label={named(label, isRequired)} hint={hintOf(schema)}>
      {(ids) => (
        <select
          {...ids}
          class="input"
          value={typeof draft === 'string' ? draft : ''}
          onChange={(event) => onDraft(event.currentTarget.value)}
        >
          <option value="">(left out)</option>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

function FileField({ label, schema, isRequired, onDraft }: FieldProps) {
  return (
    <Field label={named(label, isRequired)} hint={hintOf(schema)}>
      {(ids) => (
        <input
          {...ids}
          class="input"
          type="file"
          onChange={(event) => onDraft(event.currentTarget.files?.[0] ?? '')}
        />
      )}
    </Field>
  )
}

function ObjectFields({ label, schema, isRequired, draft, onDraft }: FieldProps) {
  const members = membersOf(draft)
  return (
    <fieldset class="members">
      <legend>{named(label, isRequired)}</legend>
      {hintOf(schema) !== undefined && <div class="hint">{hintOf(schema)}</div>}
      {Object.entries(schema.properties ?? {}).map(([name, member]) => (
        <SchemaField
          key={name}
          label={name}
          schema={member}
          isRequired={schema.required?.includes(name) === true}
          draft={members[name] ?? emptyDraft(member)}
          onDraft={(next) => onDraft({ ...members, [name]: next })}
        />
      ))}
    </fieldset>
  )
}

/** The items of a list; those of a map are objects of a key and a value. */
function ListFields({
  label,
  schema,
  isRequired,
  draft,
  onDraft,
  hint,
}: FieldProps & { readonly hint: string | undefined }) {
  const id = useId()
  const items = listOf(draft)
  return (
    <fieldset class="members" aria-describedby={hint === undefined ? undefined : id}>
      <legend>{named(label, isRequired)}</legend>
      {hint !== undefined && (
        <div class="hint" id={id}>
          {hint}
        </div>
      )}
      {items.map((item, index) => (
        <div key={index} class="item">
          <SchemaField
            label={`${label} ${index + 1}`}
            schema={schema}
            isRequired={false}
            isLine
            draft={item}
            onDraft={(next) => onDraft(items.map((each, at) => (at === index ? next : each)))}
          />
          <button
            type="button"
            class="button plain icon"
            aria-label={`Remove ${label} ${index + 1}`}
            onClick={() => onDraft(items.filter((_, at) => at !== index))}
          >
            <Icon name="remove" />
          </button>
        </div>
      ))}
      <div class="row">
        <button type="button" class="button" onClick={() => onDraft([...items, emptyDraft(schema)])}>
          <Icon name="add" />
          Add to {label}
        </button>
      </div>
    </fieldset>
  )
}

function entrySchema({ additionalProperties }: Schema): Schema {
  const value = typeof additionalProperties === 'object' ? additionalProperties : {}
  return { type: 'object', properties: { key: { type: 'string' }, value }, required: ['key', 'value'] }
}

function named(label: string, isRequired: boolean): string {
  return isRequired ? `${label} *` : label
}

/** What the document says of a value, in words. */
function hintOf(schema: Schema): string | undefined {
  const { description, minimum, maximum, maxLength, maxItems, format } = schema
  const facts = [
    description,
    minimum === undefined ? undefined : `At least ${minimum}`,
    maximum === undefined ? undefined : `At most ${maximum}`,
    maxLength === undefined ? undefined : `At most ${maxLength} characters`,
    maxItems === undefined ? undefined : `At most ${maxItems} items`,
    format === 'date-time' ? 'A time, as in 2026-01-31T12:00:00Z' : undefined,
    schema.default === undefined || schema.default === ''
      ? undefined
      : `Default: ${JSON.stringify(schema.default)}`,
  ].filter((fact) => fact !== undefined)
  return facts.length === 0 ? undefined : facts.map((fact) => fact.replace(/\.$/, '')).join('. ')
}
