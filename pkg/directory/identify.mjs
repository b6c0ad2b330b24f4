// @ts-check
// Authentication by the host: a hook that returns the user name for a request.

import { checkString } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { withTimeout } from './timeout.mjs'

/**
 * The name of the user whom the host authenticated; null if the host leaves authentication to the product's own
 * credentials. If the hook fails or returns anything else, the request is refused.
 * @param {import('./request.mjs').Received} received
 * @param {import('../types/directory.js').DirectoryParts['identify']} identify
 * @param {number} milliseconds how long the hook may take, in milliseconds
 * @returns {Promise<string | null>}
 */
export async function authenticateByHost({ url, headers }, identify, milliseconds) {
  if (identify === undefined) return null
  let name
  try {
    name = await withTimeout(milliseconds, () => identify({ headers: new Headers(headers), url: url.href }), () => new LatchworkError('request_timeout', `\`identify\` did not answer within ${milliseconds} ms`))
    if (name === undefined) return null
    if (name !== null) checkString(name, 'the name that `identify` returns')
  } catch (cause) {
    throw new LatchworkError('unauthorized', '`identify` failed, so the request was refused', undefined, cause)
  }
  if (name === null) throw new LatchworkError('unauthorized', '`identify` refused the request')
  return name
}
