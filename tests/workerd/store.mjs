// @ts-check
// A worker that hands what it is asked to a store in a Durable Object, so that a test in Node can ask one.

import { durableObjectStore } from 'latchwork/stores/durable-object'
import { countUp } from '../js/support/stores/counter.mjs'

export { LatchworkStore } from 'latchwork/stores/durable-object'

export default {
  /** @param {Request} request @param {{ STORE: any }} env */
  async fetch(request, env) {
    const { name, stub, call, args } = JSON.parse(await request.text())
    const store = stub ? durableObjectStore(env.STORE.get(env.STORE.idFromName(name))) : durableObjectStore(env.STORE, { name })
    try {
      const result = call === 'increments' ? countUp(store, args[0], args[1]) : /** @type {any} */ (store)[call](...args)
      return Response.json({ result: await result })
    } catch (error) {
      const { code, message, cause } = /** @type {any} */ (error)
      return Response.json({ code, message, cause: cause && String(cause) })
    }
  },
}
