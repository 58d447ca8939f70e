import { decodeSyncdPatch, encodeSyncdPatch, newLTHashState, proto } from 'baileys'
import { describe, expect, it } from 'vitest'
import { AppState } from './app-state.ts'

const archive = { archiveChatAction: { archived: true } }
const index = ['archive', '15550000001@s.whatsapp.net']

async function clientPatch(state: AppState): Promise<Buffer> {
  const { patch } = await encodeSyncdPatch(
    {
      type: 'regular_low',
      index,
      syncAction: { timestamp: 1, ...archive },
      apiVersion: 3,
      operation: proto.SyncdMutation.SyncdOperation.SET,
    },
    state.keyId.toString('base64'),
    newLTHashState(),
    async () => ({ keyData: state.keyData }),
  )
  return Buffer.from(proto.SyncdPatch.encode(patch).finish())
}

describe('app state', () => {
  it('reads the change a client made and serves it to those who lack it', async () => {
    const state = new AppState()
    expect(await state.accept('regular_low', 0, await clientPatch(state), 3)).toBe(true)
    expect(state.mutations).toMatchObject([
      { collection: 'regular_low', index, value: archive, operation: 'set', device: 3 },
    ])
    expect(state.patchesSince('regular_low', 0)).toHaveLength(1)
    expect(state.patchesSince('regular_low', 1)).toHaveLength(0)
  })

  it('refuses a patch that was made on an older version', async () => {
    const state = new AppState()
    const patch = await clientPatch(state)
    await state.accept('regular_low', 0, patch, 3)
    expect(await state.accept('regular_low', 0, patch, 3)).toBe(false)
    expect(state.mutations).toHaveLength(1)
  })

  it('refuses a patch whose MAC is wrong', async () => {
    const state = new AppState()
    const patch = proto.SyncdPatch.decode(await clientPatch(state))
    patch.patchMac = Buffer.alloc(32)
    const forged = Buffer.from(proto.SyncdPatch.encode(patch).finish())
    await expect(state.accept('regular_low', 0, forged, 3)).rejects.toThrow('patch mac')
    expect(state.version('regular_low')).toBe(0)
  })

  it('makes changes on the phone that a client can verify', async () => {
    const state = new AppState()
    await state.change('critical_block', ['setting_pushName'], { pushNameSetting: { name: 'Ana' } })
    const [patch] = state.patchesSince('critical_block', 0)
    const seen: unknown[] = []
    await decodeSyncdPatch(
      proto.SyncdPatch.decode(patch?.bytes ?? Buffer.alloc(0)),
      'critical_block',
      newLTHashState(),
      async () => ({ keyData: state.keyData }),
      (mutation) => seen.push(mutation.index),
      true,
    )
    expect(seen).toEqual([['setting_pushName']])
  })
})
