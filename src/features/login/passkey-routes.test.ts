import { expect, it } from 'vitest'
import { describeEachDialect } from '../../db/test-database.ts'
import { TestGateway } from '../../http/test-gateway.ts'

describeEachDialect('passkey routes', (open) => {
  it('say that no passkey is waited for, and that none can be used', async () => {
    const gateway = new TestGateway(await open())
    await gateway.devices.add('one')
    expect(await gateway.get('/app/passkey')).toEqual({
      status: 200,
      body: {
        code: 'SUCCESS',
        message: 'Passkey pairing status',
        results: { device_id: 'one', status: 'none', skip_handoff_ux: false },
      },
    })
    for (const step of ['response', 'confirm']) {
      expect(await gateway.post(`/app/passkey/${step}`, { id: 'x' })).toEqual({
        status: 501,
        body: {
          code: 'PASSKEY_NOT_OFFERED',
          message:
            'pairing by passkey is not offered: link the device with /app/login or /app/login-with-code',
        },
      })
    }
    expect(await gateway.get('/app/passkey', { 'x-device-id': 'two' })).toMatchObject({ status: 404 })
  })
})
