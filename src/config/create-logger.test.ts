import { describe, expect, it } from 'vitest'
import type { LogConfig } from './config.ts'
import { createLogger } from './create-logger.ts'

async function logged(config: Partial<LogConfig>, isTTY: boolean, fields: object): Promise<string> {
  const lines: string[] = []
  const target = { isTTY, write: (text: string) => lines.push(text) }
  const logger = await createLogger({ level: 'info', format: 'auto', ...config }, target)
  logger.child({ deviceId: 'main' }).info(fields, 'device connected')
  logger.debug({}, 'not to be seen')
  return lines.join('')
}

describe('the log', () => {
  it('is one JSON object per line where nobody looks', async () => {
    const line = await logged({}, false, { attempt: 2 })
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      deviceId: 'main',
      attempt: 2,
      msg: 'device connected',
    })
  })

  it('is for people on a terminal, and as asked otherwise', async () => {
    const line = await logged({}, true, { attempt: 2 })
    expect(line).toContain('device connected')
    expect(() => JSON.parse(line) as unknown).toThrow()
    expect(JSON.parse(await logged({ format: 'json' }, true, {}))).toBeTypeOf('object')
  })

  it.each(['json', 'pretty'] as const)('hides secrets, also one level down (%s)', async (format) => {
    const fields = { password: 'hunter2', request: { authorization: 'hunter2', secret: 'hunter2' } }
    const line = await logged({ format }, false, fields)
    expect(line).not.toContain('hunter2')
    expect(line).toContain('[hidden]')
  })

  it('tells an error with its cause', async () => {
    const error = new Error('outer', { cause: new Error('inner') })
    expect(await logged({}, false, { error })).toContain('inner')
  })

  it('leaves out what is below the level', async () => {
    expect(await logged({}, false, {})).not.toContain('not to be seen')
  })
})
