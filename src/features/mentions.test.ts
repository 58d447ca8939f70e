import { describe, expect, it } from 'vitest'
import { toMentions } from './mentions.ts'

describe('mentions', () => {
  it.each([
    ['are none in plain text', 'hi ani@62812.example', [], null],
    [
      'are numbers after an @ in the text',
      'hi @62812, @62813!',
      [],
      ['62812@s.whatsapp.net', '62813@s.whatsapp.net'],
    ],
    ['count once', '@62812 @62812', ['62812', '+62812'], ['62812@s.whatsapp.net']],
    [
      'may be listed as numbers or JIDs',
      'hi',
      [' 62812 ', '77@lid', '62813:4@s.whatsapp.net'],
      ['62812@s.whatsapp.net', '77@lid', '62813@s.whatsapp.net'],
    ],
    [
      'read the digits of a listed LID as that LID',
      'hi @77 and @62812',
      ['77@lid'],
      ['62812@s.whatsapp.net', '77@lid'],
    ],
    ['leave out what is no person', 'hi', ['1@g.us', 'ani'], null],
  ])('%s', (_title, text, listed, people) => {
    expect(toMentions(text, listed)).toEqual(people === null ? null : { people, everyone: false })
  })

  it('of everyone need nobody else', () => {
    expect(toMentions('hi', ['@everyone'])).toEqual({ people: [], everyone: true })
  })
})
