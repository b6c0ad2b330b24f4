// @ts-check
// Why a question is answered as it is: what decided, what is missing, and what would change the answer.

import { attempt } from '../app.mjs'
import { element } from '../element.mjs'

export const title = 'Why'

/** @param {import('../app.mjs').App} app @returns {import('./index.mjs').View} */
export function create(app) {
  const text = element('p', '')
  return {
    element: element('div', 'why', text),
    update({ question }) {
      if (!app.authorizer || !question) return
      const { value, error } = attempt(() => app.authorizer.explain({ subject: null, ...question }))
      text.textContent = error?.message ?? value.text
    },
  }
}
