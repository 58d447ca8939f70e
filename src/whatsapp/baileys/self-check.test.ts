import { describe, expect, it } from 'vitest'
import { AppError } from '../../core/app-error.ts'
import { checkVerifiers, verifySignaturesAreChecked } from './self-check.ts'

describe('the check of the signature checks', () => {
  it('passes with the curve of this program', async () => {
    await expect(verifySignaturesAreChecked()).resolves.toBeUndefined()
  })

  it('refuses when a verifier takes a bad signature, and says what to do', async () => {
    const trusting = [{ name: 'the certificate check', accepts: () => true }]
    const error = await checkVerifiers(trusting).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AppError)
    expect(String(error)).toMatch(
      /the certificate check accepts a bad signature.*overrides.*npm ci|npm ci.*overrides/,
    )
  })

  it('refuses when a verifier takes nothing at all', async () => {
    const refusing = [{ name: 'the certificate check', accepts: () => false }]
    await expect(checkVerifiers(refusing)).rejects.toThrow('refuses a good signature')
  })
})
