// @ts-check
// The host's own authentication: a hook that turns a request into the name of a user.

import { checkString } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { within } from './timeout.mjs'

/**
 * The name of the user whom the host authenticated; null where it leaves that to the product's own credentials.
 * Whatever else the hook does refuses the request.
 * @param {import('./request.mjs').Received} received
 * @param {import('../types/directory.js').DirectoryParts['identify']} identify
 * @param {number} time how long the hook may take, in milliseconds
 * @returns {Promise<string | null>}
 */
export async function identityOf({ url, headers }, identify, time) {
  if (identify === undefined) return null
  let name
  try {
    name = await within(time, () => identify({ headers: new Headers(headers), url: url.href }), () => new LatchworkError('request_timeout', `\`identify\` did not answer within ${time} ms`))
    if (name === undefined) return null
    if (name !== null) checkString(name, 'the name that `identify` returns')
  } catch (cause) {
    throw new LatchworkError('unauthorized', '`identify` failed, so the request was refused', undefined, cause)
  }
  if (name === null) throw new LatchworkError('unauthorized', '`identify` refused the request')
  return name
}
