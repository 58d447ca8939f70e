import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BinaryNode } from 'baileys'
import { describe, expect, it } from 'vitest'
import { EarlyDecryption } from './early-decryption.ts'

type Repository = Parameters<EarlyDecryption['serve']>[0]

function aMessage(attrs: Record<string, string>, enc: { type: string; bytes: string }[]): BinaryNode {
  return {
    tag: 'message',
    attrs: { id: 'A', ...attrs },
    content: enc.map(({ type, bytes }) => ({ tag: 'enc', attrs: { type }, content: Buffer.from(bytes) })),
  }
}

function bytesOf(node: BinaryNode, index = 0): Buffer {
  const part = Array.isArray(node.content) ? node.content[index] : undefined
  return part?.content as Buffer // made by aMessage
}

function aRepository(overrides: Partial<Repository> = {}) {
  const tries: string[] = []
  const repository: Repository = {
    decryptMessage: async ({ jid, ciphertext }) => {
      tries.push(`${jid} ${Buffer.from(ciphertext).toString()}`)
      return Buffer.from(`plain ${Buffer.from(ciphertext).toString()}`)
    },
    decryptGroupMessage: async ({ group, authorJid, msg }) => {
      tries.push(`${group} ${authorJid} ${Buffer.from(msg).toString()}`)
      return Buffer.from('plain group')
    },
    lidMapping: { getPNForLID: async () => null, getLIDForPN: async () => null },
    ...overrides,
  }
  const early = new EarlyDecryption()
  early.serve(repository)
  return { early, repository, tries }
}

describe('EarlyDecryption', () => {
  it('decrypts at arrival, and answers Baileys from it once', async () => {
    const { early, repository, tries } = aRepository()
    const node = aMessage({ from: '111:2@lid' }, [{ type: 'msg', bytes: 'secret' }])
    early.begin(node)
    await nextTurn()
    expect(tries).toEqual(['111:2@lid secret'])
    const options = { jid: '111:2@lid', type: 'msg' as const, ciphertext: bytesOf(node) }
    expect((await repository.decryptMessage(options)).toString()).toBe('plain secret')
    expect(tries).toHaveLength(1)
    await repository.decryptMessage(options)
    expect(tries).toHaveLength(2)
  })

  it('stays close ahead of the handling, and leaves what has come to its turn to Baileys', async () => {
    const { early, repository, tries } = aRepository()
    const nodes = Array.from({ length: 150 }, (_, index) =>
      aMessage({ from: '111@lid' }, [{ type: 'msg', bytes: `${index}` }]),
    )
    for (const node of nodes) early.begin(node)
    await nextTurn()
    expect(tries).toHaveLength(100)
    for (const node of nodes.slice(0, 20)) early.handling(node)
    await nextTurn()
    expect(tries.at(-1)).toBe('111@lid 119')
    const last = nodes[149] ?? aMessage({}, [])
    early.handling(last)
    const options = { jid: '111@lid', type: 'msg' as const, ciphertext: bytesOf(last) }
    expect((await repository.decryptMessage(options)).toString()).toBe('plain 149')
    for (const node of nodes) early.handling(node)
    await nextTurn()
    expect(tries.filter((text) => text === '111@lid 149')).toHaveLength(1)
  })

  it('decrypts group messages, but not the second part of a stanza', async () => {
    const { early, tries } = aRepository()
    early.begin(aMessage({ from: '1@g.us', participant: '111@lid' }, [{ type: 'skmsg', bytes: 'x' }]))
    early.begin(
      aMessage({ from: '1@g.us', participant: '111@lid' }, [
        { type: 'pkmsg', bytes: 'key' },
        { type: 'skmsg', bytes: 'y' },
      ]),
    )
    await nextTurn()
    expect(tries).toEqual(['1@g.us 111@lid x', '111@lid key'])
  })

  it("lets Baileys' own try decide when the early one failed", async () => {
    let isReady = false
    const { early, repository } = aRepository({
      decryptMessage: async () => {
        if (!isReady) throw new Error('no session yet')
        return Buffer.from('plain')
      },
    })
    const node = aMessage({ from: '111@lid' }, [{ type: 'msg', bytes: 'secret' }])
    early.begin(node)
    await nextTurn()
    isReady = true
    const options = { jid: '111@lid', type: 'msg' as const, ciphertext: bytesOf(node) }
    expect((await repository.decryptMessage(options)).toString()).toBe('plain')
  })

  it('leaves a phone-number address alone until its LID is settled, and then uses the LID', async () => {
    const node = aMessage({ from: '628111:3@s.whatsapp.net', sender_lid: '111@lid' }, [
      { type: 'msg', bytes: 'a' },
    ])
    const unsettled = aRepository()
    unsettled.early.begin(node)
    await nextTurn()
    expect(unsettled.tries).toEqual([])

    const settled = aRepository({
      lidMapping: { getPNForLID: async () => '628111@s.whatsapp.net', getLIDForPN: async () => '111:3@lid' },
    })
    settled.early.begin(node)
    await nextTurn()
    expect(settled.tries).toEqual(['111:3@lid a'])
  })

  it('leaves other stanzas and plain parts alone', async () => {
    const { early, tries } = aRepository()
    early.begin({ tag: 'receipt', attrs: { from: '111@lid' }, content: [] })
    early.begin(aMessage({ from: '111@lid' }, [{ type: 'msmsg', bytes: 'a' }]))
    early.begin({ tag: 'message', attrs: { from: '111@lid' }, content: [{ tag: 'enc', attrs: {} }] })
    await nextTurn()
    expect(tries).toEqual([])
  })
})
