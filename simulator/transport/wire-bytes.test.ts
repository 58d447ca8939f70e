import { type BinaryNode, Curve, decodeBinaryNode, encodeBinaryNode, proto } from 'baileys'
import { describe, expect, it } from 'vitest'
import handshake from './fixtures/handshake.json' with { type: 'json' }
import nodes from './fixtures/nodes.json' with { type: 'json' }
import { FrameReader, toFrame } from './frame-reader.ts'
import { certificateChain, newNoiseIdentity } from './noise-certificate.ts'
import { NoiseResponder } from './noise-responder.ts'

const fromHex = (hex: string) => Buffer.from(hex, 'hex')
const keyPair = ({ private: secret, public: open }: { private: string; public: string }) => ({
  private: fromHex(secret),
  public: fromHex(open),
})

function responder(): NoiseResponder {
  return new NoiseResponder({
    serverStatic: keyPair(handshake.serverStatic),
    ephemeral: keyPair(handshake.serverEphemeral),
    certificate: fromHex(handshake.certificate),
  })
}

function frame(reader: FrameReader, hex: string): Buffer {
  const [first] = reader.push(fromHex(hex))
  if (!first) throw new Error('no whole frame')
  return first
}

describe('the recorded handshake', () => {
  it('is answered with the same bytes, and both directions decrypt', () => {
    const reader = new FrameReader()
    const noise = responder()
    const hello = noise.answerHello(frame(reader, handshake.clientHello))
    expect(toFrame(hello).toString('hex')).toBe(handshake.serverHello)
    const { clientStatic, payload } = noise.readFinish(frame(reader, handshake.clientFinish))
    expect(clientStatic.toString('hex')).toBe(handshake.clientStaticPublic)
    expect(payload.toString('hex')).toBe(handshake.payload)
    for (const { frame: sent, plaintext } of handshake.fromClient) {
      expect(noise.decrypt(frame(reader, sent)).toString('hex')).toBe(plaintext)
    }
    for (const { frame: sent, plaintext } of handshake.fromServer) {
      expect(toFrame(noise.encrypt(fromHex(plaintext))).toString('hex')).toBe(sent)
    }
  })

  it('fails when one bit of the client finish is changed', () => {
    const reader = new FrameReader()
    const noise = responder()
    noise.answerHello(frame(reader, handshake.clientHello))
    const finish = frame(reader, handshake.clientFinish)
    finish.writeUInt8(finish.readUInt8(finish.length - 1) ^ 1, finish.length - 1)
    expect(() => noise.readFinish(finish)).toThrow()
  })

  it('carries a certificate chain from the root to the static key', () => {
    const { intermediate, leaf } = proto.CertChain.decode(fromHex(handshake.certificate))
    const { Details } = proto.CertChain.NoiseCertificate
    const issuer = Details.decode(intermediate?.details ?? Buffer.alloc(0))
    expect(Buffer.from(issuer.key ?? []).toString('hex')).toBe(handshake.intermediatePublic)
    expect(issuer.issuerSerial).toBe(0)
    const named = Details.decode(leaf?.details ?? Buffer.alloc(0))
    expect(Buffer.from(named.key ?? []).toString('hex')).toBe(handshake.serverStatic.public)
    const signed = (key: Uint8Array, part: typeof leaf) =>
      Curve.verify(key, part?.details ?? Buffer.alloc(0), part?.signature ?? Buffer.alloc(0))
    expect(signed(fromHex(handshake.rootPublic), intermediate)).toBe(true)
    expect(signed(fromHex(handshake.intermediatePublic), leaf)).toBe(true)
    expect(signed(Curve.generateKeyPair().public, intermediate)).toBe(false)
  })

  it('has another chain for every server', () => {
    expect(certificateChain(newNoiseIdentity())).not.toEqual(certificateChain(newNoiseIdentity()))
  })
})

describe('frames', () => {
  it('are cut right however the bytes arrive', () => {
    const stream = fromHex(handshake.clientHello + handshake.clientFinish)
    const reader = new FrameReader()
    const frames = [...stream].flatMap((byte) => reader.push(Buffer.of(byte)))
    expect(frames).toEqual(new FrameReader().push(stream))
    expect(frames).toHaveLength(2)
  })

  it('follow routing info where a client sends some', () => {
    const routing = fromHex('45440001000003aabbcc')
    const reader = new FrameReader()
    expect(reader.push(Buffer.concat([routing, fromHex(handshake.clientHello)]))).toHaveLength(1)
  })

  it('are refused after an unknown intro', () => {
    expect(() => new FrameReader().push(Buffer.from('GET / HTTP/1.1'))).toThrow('unknown intro')
  })
})

/** A recorded stanza: content is children, or bytes in hex. */
interface Recorded {
  tag: string
  attrs: Record<string, string | undefined>
  content?: Recorded[]
  bytes?: string
}

function toNode({ tag, attrs, content, bytes }: Recorded): BinaryNode {
  const known = Object.entries(attrs).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const inner = content ? content.map(toNode) : bytes === undefined ? undefined : fromHex(bytes)
  return { tag, attrs: Object.fromEntries(known), ...(inner && { content: inner }) }
}

function toRecorded({ tag, attrs, content }: BinaryNode): Recorded {
  if (content === undefined) return { tag, attrs: { ...attrs } }
  if (Array.isArray(content)) return { tag, attrs: { ...attrs }, content: content.map(toRecorded) }
  return { tag, attrs: { ...attrs }, bytes: Buffer.from(content).toString('hex') }
}

describe('stanzas', () => {
  // The file's shape is the one declared above: JSON has no optional fields.
  const recorded = nodes.nodes as { name: string; node: Recorded; hex: string }[]

  it.each(recorded)('$name: encoded and decoded byte for byte', async ({ node, hex }) => {
    expect(encodeBinaryNode(toNode(node)).toString('hex')).toBe(hex)
    expect(toRecorded(await decodeBinaryNode(fromHex(hex)))).toEqual(node)
  })

  it('are inflated when the flag byte says so', async () => {
    const { of, hex } = nodes.compressed
    const plain = recorded.find(({ name }) => name === of)
    expect(hex.startsWith('02')).toBe(true)
    expect(toRecorded(await decodeBinaryNode(fromHex(hex)))).toEqual(plain?.node)
  })
})
