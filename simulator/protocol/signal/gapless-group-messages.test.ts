import { Curve } from 'baileys'
import { SenderKeyMessage } from 'baileys/lib/Signal/Group/sender-key-message.js'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { sendGroupMessagesWithoutGaps } from './gapless-group-messages.ts'
import { SignalPeer } from './signal-peer.ts'

test('group messages of a simulated phone are numbered one by one', async () => {
  sendGroupMessagesWithoutGaps()
  const peer = new SignalPeer(Curve.generateKeyPair(), pino({ level: 'silent' }))
  const numbers: number[] = []
  for (let count = 0; count < 4; count += 1) {
    const { encrypted } = await peer.encryptForGroup('1@g.us', '1@lid', Buffer.from('hello'))
    numbers.push(new SenderKeyMessage(null, null, null, null, encrypted.ciphertext).getIteration())
  }
  peer.close()
  expect(numbers).toEqual([0, 1, 2, 3])
})
