// @ts-check
// The worker of a page. Only the page that started it can send it messages.

import text from '../wasm/password.inline.mjs'
import { compile, hasher } from './instance.mjs'

const own = /** @type {any} */ (hasher(() => compile(text)))

addEventListener('message', async ({ data: { id, step, words } }) => {
  try {
    postMessage({ id, answer: await own[step](...words) })
  } catch (error) {
    const { code = 'internal', message } = /** @type {any} */ (error)
    postMessage({ id, error: { code, message } })
  }
})
