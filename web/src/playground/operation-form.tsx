import { useState } from 'preact/hooks'
import type { Device } from '../api/shapes.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Field, Problem } from '../ui/parts.tsx'
import { type Answer, AnswerView, readAnswer } from './answer-view.tsx'
import { type BodyForm, type MediaType, mediaTypes, type Operation, type Parameter } from './document.ts'
import { emptyDraft } from './draft.ts'
import { curlOf, type FilledForm, parameterKey, planRequest, sendRequest } from './request.ts'
import { SchemaField } from './schema-field.tsx'

const devicesId = 'playground-devices'

const titles: Readonly<Record<Parameter['in'], string>> = {
  path: 'In the path',
  query: 'In the query',
  header: 'Headers',
}

/** One operation as a form, with the line for a shell that does the same, and what was answered. */
export function OperationForm({
  operation,
  devices,
}: {
  readonly operation: Operation
  readonly devices: readonly Device[]
}) {
  const [form, setForm] = useState<FilledForm>(() => blankForm(operation, devices))
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const change = (part: Partial<FilledForm>) => setForm((now) => ({ ...now, ...part }))
  const request = planRequest(operation, form)
  const run = async () => {
    const missing = operation.parameters.find(
      (parameter) => parameter.in === 'path' && (form.parameters[parameterKey(parameter)] ?? '') === '',
    )
    if (missing !== undefined) throw new Error(`${missing.name} is part of the path; fill it in`)
    const startedAt = performance.now()
    setAnswer(await readAnswer(await sendRequest(request), startedAt))
  }
  const submit = (event: Event) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    setAnswer(null)
    run()
      .catch((thrown: unknown) =>
        setError(thrown instanceof TypeError ? new Error('The gateway does not answer') : thrown),
      )
      .finally(() => setBusy(false))
  }
  const curl = curlOf(request)
  return (
    <div class="stack">
      <form class="card stack" noValidate aria-label={operation.summary} onSubmit={submit}>
        <Heading operation={operation} />
        <datalist id={devicesId}>
          {devices.map(({ id, display_name: name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </datalist>
        {(['path', 'query', 'header'] as const).map((place) => (
          <Parameters
            key={place}
            title={titles[place]}
            parameters={operation.parameters.filter((each) => each.in === place)}
            values={form.parameters}
            onValues={(parameters) => change({ parameters })}
          />
        ))}
        {form.bodyForm !== null && (
          <Body operation={operation} bodyForm={form.bodyForm} form={form} onChange={change} />
        )}
        <div class="row">
          <button type="submit" class="button main" disabled={isBusy}>
            {operation.method === 'GET' ? 'Fetch' : 'Run'}
          </button>
          {operation.method !== 'GET' && (
            <label class="check">
              <input
                type="checkbox"
                checked={form.isDryRun}
                onChange={(event) => change({ isDryRun: event.currentTarget.checked })}
              />
              Only check it
            </label>
          )}
        </div>
        {error !== null && <Problem error={error} />}
      </form>
      <section class="card stack" aria-label="For a shell">
        <div class="row">
          <h2 class="grow">For a shell</h2>
          <CopyButton text={curl} label="Copy the command" />
        </div>
        <pre class="code" tabIndex={0} aria-label="Command">
          {curl}
        </pre>
      </section>
      {answer !== null && <AnswerView answer={answer} />}
    </div>
  )
}

function Heading({ operation }: { readonly operation: Operation }) {
  return (
    <header class="stack">
      <h2>{operation.summary}</h2>
      <div class="row">
        <code class="grow mono">
          <b>{operation.method}</b> {operation.path}
        </code>
        {operation.isDeprecated && <span class="badge warn">deprecated</span>}
        {operation.scope !== '' && <span class="tag">scope {operation.scope}</span>}
      </div>
      {operation.description !== '' && <p class="soft">{operation.description}</p>}
    </header>
  )
}

function Parameters({
  title,
  parameters,
  values,
  onValues,
}: {
  readonly title: string
  readonly parameters: readonly Parameter[]
  readonly values: Readonly<Record<string, string>>
  readonly onValues: (values: Readonly<Record<string, string>>) => void
}) {
  if (parameters.length === 0) return null
  return (
    <fieldset class="members">
      <legend>{title}</legend>
      {parameters.map((parameter) => {
        const key = parameterKey(parameter)
        const { description } = parameter
        return (
          <SchemaField
            key={key}
            label={parameter.name}
            schema={description === undefined ? parameter.schema : { ...parameter.schema, description }}
            isRequired={parameter.required === true}
            isLine
            suggestions={isDevice(parameter) ? devicesId : undefined}
            draft={values[key] ?? ''}
            onDraft={(draft) => onValues({ ...values, [key]: typeof draft === 'string' ? draft : '' })}
          />
        )
      })}
    </fieldset>
  )
}

function Body({
  operation,
  bodyForm,
  form,
  onChange,
}: {
  readonly operation: Operation
  readonly bodyForm: BodyForm
  readonly form: FilledForm
  readonly onChange: (part: Partial<FilledForm>) => void
}) {
  const isByHand = form.json !== null
  const choose = (type: MediaType) => {
    const next = operation.bodies.find((each) => each.type === type) ?? null
    onChange({ bodyForm: next, json: null })
  }
  return (
    <>
      <div class="row">
        {operation.bodies.length > 1 && (
          <select
            class="input choice"
            aria-label="How the body is written"
            value={bodyForm.type}
            onChange={(event) => choose(event.currentTarget.value as MediaType)} // the options are these
          >
            {mediaTypes.map((type) => (
              <option key={type} value={type}>
                {type}
              </option>
            ))}
          </select>
        )}
        {bodyForm.type === 'application/json' && (
          <label class="check">
            <input
              type="checkbox"
              checked={isByHand}
              onChange={() => {
                const made = planRequest(operation, form).body
                onChange({ json: isByHand ? null : typeof made === 'string' ? made : '{}' })
              }}
            />
            Write the JSON by hand
          </label>
        )}
      </div>
      {form.json !== null ? (
        <Field label="Body">
          {(ids) => (
            <textarea
              {...ids}
              class="input mono"
              rows={10}
              spellcheck={false}
              value={form.json ?? ''}
              onInput={(event) => onChange({ json: event.currentTarget.value })}
            />
          )}
        </Field>
      ) : (
        <SchemaField
          label="Body"
          schema={bodyForm.schema}
          isRequired={operation.isBodyRequired}
          draft={form.body}
          onDraft={(body) => onChange({ body })}
        />
      )}
    </>
  )
}

function blankForm(operation: Operation, [first]: readonly Device[]): FilledForm {
  const [bodyForm = null] = operation.bodies
  const known = first === undefined ? [] : operation.parameters.filter(isDevice)
  return {
    parameters: Object.fromEntries(known.map((parameter) => [parameterKey(parameter), first?.id ?? ''])),
    bodyForm,
    body: bodyForm === null ? '' : emptyDraft(bodyForm.schema),
    json: null,
    isDryRun: false,
  }
}

function isDevice({ in: place, name }: Parameter): boolean {
  return (place === 'header' && name === 'X-Device-Id') || (place === 'path' && name === 'device_id')
}
