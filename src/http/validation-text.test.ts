import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sentence, validationText } from './validation-text.ts'

const schema = z
  .object({
    phone: z.string().min(1),
    message: z.string().min(1),
    participants: z.array(z.string().min(1)).optional(),
    limit: z.int().min(1).max(100).optional(),
    link: z.url().optional(),
    kind: z.enum(['a', 'b']).optional(),
    action: z.enum(['go', 'stop']).default('go'),
    is_on: z.boolean().optional(),
  })
  .superRefine((value, context) => {
    if (value.phone.startsWith('0'))
      context.addIssue(sentence('phone number must not start with 0', value.phone))
  })

function textOf(value: unknown): string {
  const result = schema.safeParse(value, { reportInput: true })
  return result.success ? '' : validationText(result.error.issues)
}

describe('the text of a refused request', () => {
  it.each([
    [
      'missing and empty fields are blank, in alphabetical order',
      { phone: '' },
      'message: cannot be blank; phone: cannot be blank.',
    ],
    [
      'list entries nest under their field',
      { phone: '1', message: 'x', participants: ['a', ''] },
      'participants: (1: cannot be blank.).',
    ],
    [
      'several list entries share one bracket',
      { phone: '1', message: 'x', participants: ['', 'b', ''] },
      'participants: (0: cannot be blank; 2: cannot be blank.).',
    ],
    [
      'numbers name their bounds',
      { phone: '1', message: 'x', limit: 101 },
      'limit: must be no greater than 100.',
    ],
    [
      'numbers name their lower bound',
      { phone: '1', message: 'x', limit: 0 },
      'limit: must be no less than 1.',
    ],
    ['fractions are no integers', { phone: '1', message: 'x', limit: 1.5 }, 'limit: must be an integer.'],
    ['URLs', { phone: '1', message: 'x', link: 'no' }, 'link: must be a valid URL.'],
    ['values outside a choice', { phone: '1', message: 'x', kind: 'c' }, 'kind: must be a valid value.'],
    ['an empty choice is blank', { phone: '1', message: 'x', action: '' }, 'action: cannot be blank.'],
    [
      'wrong types are named',
      { phone: 628, message: 'x', is_on: 'yes' },
      'is_on: must be true or false; phone: must be a string.',
    ],
    [
      'sentences stand alone, without field and dot',
      { phone: '08', message: 'x' },
      'phone number must not start with 0',
    ],
    ['field problems come before sentences', { phone: '08', message: '' }, 'message: cannot be blank.'],
  ])('%s', (_title, value, text) => {
    expect(textOf(value)).toBe(text)
  })

  it('takes blanks of whitespace only as given', () => {
    expect(textOf({ phone: '1', message: '  ' })).toBe('')
  })
})
