// Which headers an operator or caller may add to what is posted to a webhook.

/** Most headers of one endpoint. */
export const mostHeaders = 20
/** Most characters of a header's value. */
export const longestHeaderValue = 2000

export const headerNameForm = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/i
export const headerValueForm = /^[\t\x20-\x7e\x80-\xff]*$/

/** Those that the gateway sets, and those that are about the connection: no post with one of them would ever leave. */
const ownHeaders =
  /^(host|content-length|content-type|user-agent|webhook-.*|x-hub-.*|x-gatewa-.*|ce-.*|transfer-encoding|connection|keep-alive|proxy-connection|upgrade|expect|te|trailer)$/i

/** Whether a header is the gateway's own business. */
export function isOwnHeader(name: string): boolean {
  return ownHeaders.test(name)
}
