import { expect, it } from 'vitest'
import { detailsOf } from './details.ts'

const bytes = new Uint8Array([1, 2, 3])

it('has the members of lists and orders under the names that the reference serialises them with', () => {
  const list = detailsOf({
    listMessage: {
      title: 'Menu',
      listType: 1,
      sections: [{ title: 'Drinks', rows: [{ title: 'Tea', rowId: 'tea-1' }] }],
      productListInfo: {
        businessOwnerJid: '15550001@s.whatsapp.net',
        headerImage: { productId: 'p1', jpegThumbnail: bytes },
        productSections: [{ title: 'All', products: [{ productId: 'p2' }] }],
      },
    },
  })?.list
  expect(list).toEqual({
    title: 'Menu',
    listType: 1,
    sections: [{ title: 'Drinks', rows: [{ title: 'Tea', rowID: 'tea-1' }] }],
    productListInfo: {
      businessOwnerJID: '15550001@s.whatsapp.net',
      headerImage: { productID: 'p1', JPEGThumbnail: 'AQID' },
      productSections: [{ title: 'All', products: [{ productID: 'p2' }] }],
    },
  })
  const order = detailsOf({
    orderMessage: {
      orderId: 'o1',
      sellerJid: 's',
      orderRequestMessageId: { id: 'A', remoteJid: 'r', fromMe: true },
    },
  })?.order
  expect(order).toEqual({
    orderID: 'o1',
    sellerJID: 's',
    orderRequestMessageID: { ID: 'A', remoteJID: 'r', fromMe: true },
  })
})

it('tells a speed in as many digits as it has', () => {
  const fast = detailsOf({
    locationMessage: { degreesLatitude: 1.1, speedInMps: Math.fround(1.1) },
  })?.location
  expect(fast).toEqual({ degreesLatitude: 1.1, speedInMps: 1.1 })
  const live = { liveLocationMessage: { degreesLatitude: 2, speedInMps: Math.fround(16777.217) } }
  expect(detailsOf(live)?.live_location).toEqual({ degreesLatitude: 2, speedInMps: 16777.217 })
})

it('has what a location answers, and whence it was forwarded, under those names as well', () => {
  const location = detailsOf({
    locationMessage: {
      degreesLatitude: 1.5,
      url: 'https://x',
      contextInfo: {
        stanzaId: 'B',
        mentionedJid: ['m'],
        parentGroupJid: 'g',
        groupMentions: [{ groupJid: 'g', groupSubject: 'G' }],
        forwardedNewsletterMessageInfo: { newsletterJid: 'n', serverMessageId: 7 },
        urlTrackingMap: { urlTrackingMapElements: [{ originalUrl: 'https://y' }] },
        quotedMessage: {
          audioMessage: {
            ptt: true,
            url: 'https://z',
            fileSha256: bytes,
            fileEncSha256: bytes,
            mediaKeyTimestamp: 5,
          },
        },
      },
    },
  })?.location
  expect(location).toEqual({
    degreesLatitude: 1.5,
    URL: 'https://x',
    contextInfo: {
      stanzaID: 'B',
      mentionedJID: ['m'],
      parentGroupJID: 'g',
      groupMentions: [{ groupJID: 'g', groupSubject: 'G' }],
      forwardedNewsletterMessageInfo: { newsletterJID: 'n', serverMessageID: 7 },
      urlTrackingMap: { urlTrackingMapElements: [{ originalURL: 'https://y' }] },
      quotedMessage: {
        audioMessage: {
          PTT: true,
          URL: 'https://z',
          fileSHA256: 'AQID',
          fileEncSHA256: 'AQID',
          mediaKeyTimestamp: 5,
        },
      },
    },
  })
})
