import { afterEach, describe, expect, it } from 'vitest'
import { ffmpegFinding, pdftoppmFinding } from './doctor-machine.ts'

describe('the doctor, asked for ffmpeg', () => {
  const path = process.env.PATH

  afterEach(() => {
    process.env.PATH = path
  })

  it('names the version where it is installed', async ({ skip }) => {
    const finding = await ffmpegFinding()
    if (finding.state === 'warn') skip('ffmpeg is not installed')
    expect(finding.detail).toMatch(/^ffmpeg version /)
  })

  it('says how to get it where it is not', async () => {
    process.env.PATH = '/nowhere'
    expect(await ffmpegFinding()).toMatchObject({
      state: 'warn',
      remedy: expect.stringContaining('apt-get install ffmpeg') as string,
    })
  })
})

describe('the doctor, asked for pdftoppm', () => {
  it('names the version where it is installed', async ({ skip }) => {
    const finding = await pdftoppmFinding(process.env['PATH'] ?? '')
    if (finding.state === 'warn') skip('pdftoppm is not installed')
    expect(finding.detail).toMatch(/^pdftoppm version /)
  })

  it('says how to get it where it is not', async () => {
    expect(await pdftoppmFinding('/nowhere')).toMatchObject({
      state: 'warn',
      remedy: expect.stringContaining('apt-get install poppler-utils') as string,
    })
  })
})
