// @ts-check
// Who sent a request, as far as its host can tell one client from another.

import { isWellFormed } from '../core/argument.mjs'

/** The longest name of a client. */
const LENGTH_MAX = 256

/**
 * The client, as the core tells clients apart; empty where the host does not know. A hook that fails changes no
 * answer: those of whom it says nothing are one client.
 * @param {Request} request
 * @param {((request: Request) => string) | undefined} hook
 */
export function clientOf(request, hook) {
  if (hook === undefined) return ''
  try {
    const client = /** @type {unknown} */ (hook(request))
    if (typeof client === 'string') return client.length <= LENGTH_MAX && isWellFormed(client) ? networkOf(client) : ''
    // A promise comes too late, and must not end the host when it fails.
    Promise.resolve(client).catch(() => {})
    return ''
  } catch {
    return ''
  }
}

/**
 * An address of IPv6 as its first 64 bits: whoever has one has as many as they like behind these. One that stands for
 * an address of IPv4 is that one. Everything else is as it is.
 * @param {string} address
 */
function networkOf(address) {
  if (!/^[\da-f.]*:[\da-f:.]*$/i.test(address)) return address
  let spelling
  try {
    // Its one spelling: groups of hexadecimal digits, of which `::` leaves out zeroes.
    spelling = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  } catch {
    return address
  }
  const [before, after = []] = spelling.map((part) => part.split(':').filter((group) => group !== ''))
  const groups = [...before, ...Array(8 - before.length - after.length).fill('0'), ...after]
  if (groups.slice(0, 6).join() !== '0,0,0,0,0,ffff') return `${groups.slice(0, 4).join(':')}::/64`
  return groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]).join('.')
}
