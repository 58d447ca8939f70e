import { expect, it } from 'vitest'
import { contentText } from './content-text.ts'

it.each([
  ['a text', { text: 'hi' }, 'hi'],
  ['nothing', { text: '' }, ''],
  ['a contact', { text: '', details: { contact: { displayName: 'Dee', vcard: '' } } }, '👤 Dee'],
  ['a poll', { text: '', details: { poll: { name: 'Where?', options: [] } } }, '📊 Where?'],
  [
    'a place',
    { text: '', details: { location: { degreesLatitude: -7.5, degreesLongitude: 110 } } },
    '📍 -7.5, 110',
  ],
  ['a place on the equator', { text: '', details: { location: { degreesLongitude: 5 } } }, '📍 0, 5'],
  ['what has no words', { text: '', details: { list: {} } }, ''],
])('%s is put into words', (_what, message, words) => {
  expect(contentText(message)).toBe(words)
})
