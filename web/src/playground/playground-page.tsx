import { useEffect, useState } from 'preact/hooks'
import { call, fetchFile } from '../api/client.ts'
import { connection } from '../api/connection.ts'
import type { Device } from '../api/shapes.ts'
import { hrefOf } from '../routing.ts'
import { Icon } from '../ui/icons.tsx'
import { Empty, Loading, Problem } from '../ui/parts.tsx'
import { useLoad } from '../ui/use-load.ts'
import { type OperationGroup, operationGroups, searched } from './document.ts'
import { OperationForm } from './operation-form.tsx'

/** Every operation of the API, to be looked up and tried. */
export function PlaygroundPage({ id }: { readonly id: string | undefined }) {
  const { base } = connection.value
  const groups = useLoad(`openapi ${base}`, async (signal) =>
    operationGroups(await (await fetchFile('openapi.json', { signal })).text()),
  )
  const devices = useLoad('playground devices', (signal) =>
    call<readonly Device[]>('GET', 'devices', { signal }).catch(() => []),
  )
  if (groups.error !== null) return <Problem error={groups.error} />
  if (groups.data === null || devices.data === null) return <Loading what="the operations" />
  const operation = groups.data.flatMap(({ operations }) => operations).find((each) => each.id === id)
  return (
    <div class={operation === undefined ? 'try' : 'try has-open'}>
      <OperationList groups={groups.data} openId={operation?.id} />
      <div class="try-form">
        {operation === undefined ? (
          <Empty icon="try" title={id === undefined ? 'Choose an operation' : 'There is no such operation'} />
        ) : (
          <>
            <a class="button plain try-back" href={hrefOf('playground')}>
              <Icon name="back" />
              All operations
            </a>
            <OperationForm key={operation.id} operation={operation} devices={devices.data} />
          </>
        )}
      </div>
    </div>
  )
}

function OperationList({
  groups,
  openId,
}: {
  readonly groups: readonly OperationGroup[]
  readonly openId: string | undefined
}) {
  const [words, setWords] = useState('')
  const shown = searched(groups, words)
  useEffect(() => {
    document.querySelector('.try-list [aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [openId])
  return (
    <section class="try-side" aria-label="Operations">
      <header>
        <h1>Playground</h1>
      </header>
      <label class="find">
        <Icon name="search" />
        <span class="unseen">Search operations</span>
        <input
          class="input"
          type="search"
          placeholder="Search"
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      <div class="try-list">
        {shown.length === 0 && <p class="soft">No operation fits.</p>}
        {shown.map(({ name, description, operations }) => (
          <section key={name} aria-label={name}>
            <h2 title={description}>{name}</h2>
            <ul>
              {operations.map(({ id, method, path, summary, isDeprecated }) => (
                <li key={id}>
                  <a
                    href={hrefOf('playground', id)}
                    class={isDeprecated ? 'old' : ''}
                    {...(id === openId && { 'aria-current': 'true' })}
                  >
                    <span>{summary}</span>
                    <code class="soft small">
                      {method} {path}
                    </code>
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </section>
  )
}
