import { z } from 'zod'

export const qrLoginObject = z.object({
  device_id: z.string(),
  qr_link: z.string().describe('Where the picture of the code is; reachable without credentials'),
  qr_duration: z.int().describe('Seconds after which to ask for the next code'),
  qr_code: z.string().describe('The text of the code, for those who draw it themselves'),
})

export const codeLoginObject = z.object({
  device_id: z.string(),
  pair_code: z.string().describe('To be typed on the phone'),
})

export const phoneQuery = z.object({
  phone: z.string().optional().describe('The phone number to link, in international form'),
})
