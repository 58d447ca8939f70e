import { describe, expect } from 'vitest'
import { scenario } from '../scenario.ts'

describe('a file above its limit', () => {
  scenario(
    'is refused with the limit that is set, and nothing is written',
    async (stage) => {
      const gateway = await stage.start({
        WHATSAPP_SETTING_MAX_FILE_SIZE: '2000000',
        WHATSAPP_SETTING_MAX_VIDEO_SIZE: '1500000',
      })
      const { bo } = await stage.linkedPair()
      for (const [kind, limit, bytes] of [
        ['file', '2 MB', 2_000_001],
        ['video', '1.5 MB', 1_500_001],
      ] as const) {
        const body = new FormData()
        body.append('phone', bo.phone)
        body.append(kind, new Blob([new Uint8Array(bytes)]), 'big.bin')
        const headers = { ...gateway.headers, 'x-device-id': 'main' }
        const answer = await fetch(`${gateway.url}/send/${kind}`, { method: 'POST', headers, body })
        expect(await answer.json()).toMatchObject({
          message: `max ${kind} upload is ${limit}, please upload in cloud and send via text if your file is higher than ${limit}`,
        })
        expect(answer.status).toBe(413)
      }
      expect(await gateway.chats('main')).toEqual([])
    },
    { startsGateway: false },
  )
})
