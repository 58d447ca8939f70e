/** Whom and what the sandbox has. */
export interface SandboxFacts {
  readonly gatewayUrl: string
  readonly controlUrl: string
  /** Whether the gateway wants credentials; the lines then leave a place for them. */
  readonly credentials: boolean
  /** Phone numbers. */
  readonly you: string
  readonly alice: string
  readonly bob: string
  readonly carol: string
  /** JID of a group with all of them. */
  readonly group: string
}

const json = "-H 'content-type: application/json'"

/** What to open and what to type; every line works when pasted into a shell. */
export function sandboxGuide(facts: SandboxFacts): string {
  const { gatewayUrl, controlUrl, you, alice, bob, carol, group } = facts
  const curl = facts.credentials ? 'curl -s -u <user>:<secret>' : 'curl -s'
  return `
The sandbox is running. Nothing here reaches WhatsApp, and nothing is kept.

  Gateway      ${gatewayUrl}   (open it: the dashboard, with the phones of these people; the API is at ${gatewayUrl}/docs)
  Simulator    ${controlUrl}   (you play WhatsApp and the people here)

  You    ${you}   the account to link
  Alice  ${alice}   answers everything
  Bob    ${bob}   reads and reacts with a thumb
  Carol  ${carol}   is offline until told otherwise
  Group  ${group}   "Weekend", with all four

1. Link a device: make a slot, ask for a QR code, and let your simulated phone scan it

${curl} ${gatewayUrl}/devices ${json} -d '{"device_id":"main"}'
QR=$(${curl} ${gatewayUrl}/devices/main/login | sed -n 's/.*"qr_code":"\\([^"]*\\)".*/\\1/p')
curl -s ${controlUrl}/people/${you}/scan ${json} -d "{\\"qr\\":\\"$QR\\"}"

   or with a pairing code

CODE=$(${curl} -X POST '${gatewayUrl}/devices/main/login/code?phone=${you}' | sed -n 's/.*"pair_code":"\\([^"]*\\)".*/\\1/p')
curl -s ${controlUrl}/people/${you}/pairing-code ${json} -d "{\\"code\\":\\"$CODE\\"}"

2. Send as soon as the device is connected, and read Alice's answer

until ${curl} ${gatewayUrl}/devices/main/status | grep -q '"is_logged_in":true'; do sleep 0.3; done
${curl} ${gatewayUrl}/send/message ${json} -d '{"phone":"${alice}","message":"Hello Alice"}'
sleep 1
${curl} ${gatewayUrl}/chat/${alice}@s.whatsapp.net/messages

3. Be written to, and see all chats

curl -s ${controlUrl}/people/${bob}/messages ${json} -d '{"to":"${you}","text":"Are you there?"}'
sleep 1
${curl} ${gatewayUrl}/chats

4. Write to the group, and bring Carol online

${curl} ${gatewayUrl}/send/message ${json} -d '{"phone":"${group}","message":"Who is in?"}'
curl -s -X PATCH ${controlUrl}/people/${carol}/behaviour ${json} -d '{"online":true}'
curl -s ${controlUrl}/people/${carol}/inbox

Events go to a webhook: start again with  npm run sandbox -- --webhook http://127.0.0.1:8000/
Ctrl-C ends it.
`
}
