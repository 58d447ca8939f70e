import { randomBytes } from 'node:crypto'
import { generate } from 'selfsigned'

/** A certificate of its own for this machine's names and for every name under whatsapp.net that media URLs carry. */
export async function makeCertificate(): Promise<{ key: string; cert: string }> {
  const { private: key, cert } = await generate(
    // Named apart: of two trusted certificates with one name only the first is looked at.
    [{ name: 'commonName', value: `Gatewa simulator media host ${randomBytes(6).toString('hex')}` }],
    {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 2, value: '*.whatsapp.net' },
            { type: 2, value: 'mmg.whatsapp.net' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    },
  )
  return { key, cert }
}
