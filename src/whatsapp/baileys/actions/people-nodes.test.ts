import { type BinaryNode, proto } from 'baileys'
import { describe, expect, it } from 'vitest'
import { makeJid } from '../../jid.ts'
import { parseBusiness, parsePerson, parsePicture, personQuery, pictureQuery } from './people-nodes.ts'

const bo = makeJid('628111', 's.whatsapp.net')

function node(tag: string, attrs: Record<string, string> = {}, content?: BinaryNode['content']): BinaryNode {
  return content === undefined ? { tag, attrs } : { tag, attrs, content }
}

function person(...parts: BinaryNode[]): BinaryNode {
  const list = node('list', {}, [node('user', { jid: bo }, parts)])
  return node('iq', { type: 'result' }, [node('usync', {}, [list])])
}

const devices = node('devices', {}, [
  node('device-list', {}, [node('device', { id: '0' }), node('device', { id: '7', 'key-index': '2' })]),
])

function business(certificate: Uint8Array): BinaryNode {
  return node('business', {}, [node('verified_name', { v: '2' }, certificate)])
}

function certificateOf(verifiedName: string): Uint8Array {
  const details = proto.VerifiedNameCertificate.Details.encode({
    verifiedName,
    issuer: 'smb:wa',
    serial: 1,
  }).finish()
  return proto.VerifiedNameCertificate.encode({ details, signature: new Uint8Array(64) }).finish()
}

describe('what WhatsApp tells of a person', () => {
  it('has the verified name out of its certificate, the about text, the picture and the devices', () => {
    const answer = person(
      business(certificateOf('Bo’s Bakery')),
      node('status', { t: '1700000000' }, Buffer.from('Baking')),
      node('picture', { id: '1635239861' }),
      devices,
    )
    expect(parsePerson(answer)).toEqual({
      verifiedName: 'Bo’s Bakery',
      about: 'Baking',
      pictureId: '1635239861',
      devices: [{ number: 0 }, { number: 7 }],
    })
  })

  it('is read without the parts that are refused', () => {
    const refused = (tag: string) => node(tag, {}, [node('error', { code: '401', text: 'not-authorized' })])
    const answer = person(refused('business'), refused('status'), refused('picture'), devices)
    expect(parsePerson(answer)).toMatchObject({ verifiedName: '', about: '', pictureId: '' })
  })

  it('has no about text where it is hidden, and no verified name in what is no certificate', () => {
    const hidden = node('status', { code: '401', t: '0' }, Buffer.from('unseen'))
    const answer = person(business(Uint8Array.of(0xff, 0xff, 0xff)), hidden, devices)
    expect(parsePerson(answer)).toMatchObject({ verifiedName: '', about: '' })
  })

  it('is nothing for a number that is nobody’s', () => {
    expect(parsePerson(person(node('devices', {}, [node('error', { code: '404' })])))).toBeNull()
    expect(parsePerson(node('iq', { type: 'result' }))).toBeNull()
  })

  it('is asked for with every protocol in one question', () => {
    const [usync] = contentOf(personQuery(bo, 'tag-1'))
    const [query] = contentOf(usync)
    expect(usync?.attrs).toMatchObject({ sid: 'tag-1', context: 'background' })
    expect(contentOf(query).map(({ tag }) => tag)).toEqual([
      'business',
      'status',
      'picture',
      'devices',
      'lid',
    ])
  })
})

describe('a picture', () => {
  it('is read from both kinds of answer', () => {
    const picture = node('picture', { id: '5', type: 'preview', url: 'https://pps.whatsapp.net/v/5.jpg' })
    const read = { id: '5', type: 'preview', url: 'https://pps.whatsapp.net/v/5.jpg' }
    expect(parsePicture(node('iq', {}, [picture]))).toEqual(read)
    expect(parsePicture(node('iq', {}, [node('pictures', {}, [picture])]))).toEqual(read)
  })

  it('is missing with the number of its status, or 404 in an answer without one', () => {
    expect(parsePicture(node('iq', {}, [node('picture', { status: '401' })]))).toEqual({ status: 401 })
    expect(parsePicture(node('iq'))).toEqual({ status: 404 })
  })

  it('is asked for with the token that the person gave, inside the picture', () => {
    const [asked] = contentOf(pictureQuery(bo, true, Uint8Array.of(1)))
    expect(asked).toMatchObject({ attrs: { type: 'preview', query: 'url' }, content: [{ tag: 'tctoken' }] })
    expect(contentOf(pictureQuery(bo, false, undefined))[0]?.content).toBeUndefined()
  })
})

describe('a business', () => {
  it('has categories with ids, every option, and hours as minutes since midnight', () => {
    const profile = node('profile', { jid: bo }, [
      node('address', {}, Buffer.from('1 Main Street')),
      node('email', {}, Buffer.from('bo@example.com')),
      node('categories', {}, [node('category', { id: '1223524174334504' }, Buffer.from('Bakery'))]),
      node('profile_options', {}, [
        node('commerce_experience', {}, Buffer.from('catalog')),
        node('cart_enabled', {}, Buffer.from('true')),
      ]),
      node('business_hours', { timezone: 'Asia/Jakarta' }, [
        node('business_hours_config', {
          day_of_week: 'mon',
          mode: 'specific_hours',
          open_time: '600',
          close_time: '1439',
        }),
        node('business_hours_config', { day_of_week: 'sun', mode: 'open_24h' }),
      ]),
    ])
    expect(parseBusiness(node('iq', {}, [node('business_profile', {}, [profile])]))).toEqual({
      jid: bo,
      email: 'bo@example.com',
      address: '1 Main Street',
      categories: [{ id: '1223524174334504', name: 'Bakery' }],
      options: { commerce_experience: 'catalog', cart_enabled: 'true' },
      timezone: 'Asia/Jakarta',
      days: [
        { dayOfWeek: 'mon', mode: 'specific_hours', openMinute: 600, closeMinute: 1439 },
        { dayOfWeek: 'sun', mode: 'open_24h', openMinute: null, closeMinute: null },
      ],
    })
  })

  it('is none without a profile, or with one that is refused', () => {
    expect(parseBusiness(node('iq', {}, [node('business_profile')]))).toBeNull()
    const refused = node('profile', { jid: bo }, [node('error', { code: '404' })])
    expect(parseBusiness(node('iq', {}, [node('business_profile', {}, [refused])]))).toBeNull()
  })
})

function contentOf(of: BinaryNode | undefined): BinaryNode[] {
  return Array.isArray(of?.content) ? of.content : []
}
