import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import { freePort } from '../free-port.ts'
import { eventually, webhookSecret } from '../harness.ts'
import { scenario } from '../scenario.ts'

const page = join(import.meta.dirname, '../../docs/recipes.md')

/** Runs the first program of the page, as a reader would save it. */
async function runBot(environment: Record<string, string>): Promise<ChildProcess> {
  const [, program = ''] = /```js\n([\s\S]*?)```/.exec(await readFile(page, 'utf8')) ?? []
  const folder = await mkdtemp(join(tmpdir(), 'gatewa-recipe-'))
  await writeFile(join(folder, 'bot.mjs'), program)
  const child = spawn(process.execPath, [join(folder, 'bot.mjs')], {
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
  return child
}

describe('the bot of docs/recipes.md', () => {
  scenario(
    'answers ping with pong, once, and nobody who is not the gateway',
    async (stage) => {
      const port = await freePort()
      const bot = `http://127.0.0.1:${port}`
      const gateway = await stage.start({ WHATSAPP_WEBHOOK: bot })
      await runBot({ PORT: String(port), GATEWA_URL: gateway.url, WHATSAPP_WEBHOOK_SECRET: webhookSecret })
      const { ada, bo } = await stage.linkedPair()
      await bo.sendText(ada, 'how are you?')
      const ping = await bo.sendText(ada, 'ping')
      const pong = await bo.receives('pong')
      expect(pong.message.extendedTextMessage?.contextInfo?.stanzaId).toBe(ping.id)
      expect(bo.inbox.map(({ text }) => text)).toEqual(['pong'])

      const forged = {
        event: 'message',
        session_id: 'main',
        payload: { id: 'X', body: 'ping', chat_id: bo.jid },
      }
      const answer = await eventually('the bot’s answer', () =>
        fetch(bot, { method: 'POST', body: JSON.stringify(forged) }).catch(() => undefined),
      )
      expect(answer.status).toBe(401)
    },
    { startsGateway: false },
  )
})
