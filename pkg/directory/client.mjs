// @ts-check
// Identifies the client that sent a request, by a hook of the host.

import { isWellFormed } from '../core/argument.mjs'

/** The longest name of a client. */
const LENGTH_MAX = 256

/**
 * The name by which the core distinguishes clients; empty if the host does not know the client. A hook that fails does
 * not change the response: all clients without a name count as one.
 * @param {Request} request
 * @param {((request: Request) => string) | undefined} hook
 */
export function identifyClient(request, hook) {
  if (hook === undefined) return ''
  try {
    const client = /** @type {unknown} */ (hook(request))
    if (typeof client === 'string') return client.length <= LENGTH_MAX && isWellFormed(client) ? networkOf(client) : ''
    // A promise is not awaited. If it rejects, it must not end the host's process.
    Promise.resolve(client).catch(() => {})
    return ''
  } catch {
    return ''
  }
}

/**
 * Reduces an IPv6 address to its first 64 bits, because a client that has one address usually has the whole network. An
 * IPv4-mapped address becomes the IPv4 address. Any other text is returned unchanged.
 * @param {string} address
 */
function networkOf(address) {
  if (!/^[\da-f.]*:[\da-f:.]*$/i.test(address)) return address
  let spelling
  try {
    // The normalized spelling: groups of hexadecimal digits, where `::` replaces zeros.
    spelling = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  } catch {
    return address
  }
  const [before, after = []] = spelling.map((part) => part.split(':').filter((group) => group !== ''))
  const groups = [...before, ...Array(8 - before.length - after.length).fill('0'), ...after]
  if (groups.slice(0, 6).join() !== '0,0,0,0,0,ffff') return `${groups.slice(0, 4).join(':')}::/64`
  return groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]).join('.')
}
