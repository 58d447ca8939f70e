import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue } from './key-codec.ts'

const leaves = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeNat(),
  fc.double({ noNaN: true }),
  fc.string({ unit: 'grapheme' }),
  fc.bigInt(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
)
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaves,
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
})).value

describe('the form keys are stored in', () => {
  it('gives back every value as it was', () => {
    fc.assert(
      fc.property(values, (value) => {
        // A dictionary of fast-check may have no prototype; what is read has one.
        expect(decodeValue(encodeValue(value))).toEqual(value)
      }),
    )
  })

  it('does not take an object with numeric keys for bytes, nor a special name for a prototype', () => {
    expect(decodeValue(encodeValue({ 0: 1, 1: 2 }))).toEqual({ 0: 1, 1: 2 })
    const odd = JSON.parse('{"__proto__": {"isAdmin": true}}') as object // it is an object literal
    const read = decodeValue(encodeValue(odd)) as { isAdmin?: boolean } // looked at for what it must not have
    expect(Object.keys(read)).toEqual(['__proto__'])
    expect(read.isAdmin).toBeUndefined()
  })

  it('leaves out undefined fields, functions and what is on a prototype', () => {
    class Message {
      name = 'own'
      absent = undefined
      encode = () => 'x'
      get inherited() {
        return 'no'
      }
    }
    expect(decodeValue(encodeValue(new Message()))).toEqual({ name: 'own' })
  })

  it('refuses bytes that it did not write', () => {
    expect(() => decodeValue(Buffer.from('{"a":1}'))).toThrow('unknown value format')
    expect(() => decodeValue(encodeValue('text').subarray(0, 4))).toThrow('end too early')
    expect(() => decodeValue(Buffer.from([1, 99]))).toThrow('unknown value tag')
  })
})
