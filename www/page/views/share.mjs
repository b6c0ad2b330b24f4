// @ts-check
// Ways to take the state elsewhere: a link, text for other programs, files, a frame in another page.

import { download } from '../download.mjs'
import { button, element, h } from '../element.mjs'
import { fragmentOf } from '../link.mjs'
import { curl, sqlQuery, typeScript } from '../snippets.mjs'
import { copy } from '../toast.mjs'
import { testFile } from './tests.mjs'
import './share.css'

export const title = 'Share'

/** @param {import('../app.mjs').App} app @returns {import('./index.mjs').View} */
export function create(app) {
  const address = () => location.href.replace(/[?#].*$/, '')
  const link = h('input', { readonly: true, 'aria-label': 'Link to this state', onfocus: (event) => event.target.select() })
  const size = element('p', 'quiet', '')
  const forms = /** @type {const} */ ([
    ['TypeScript', async () => typeScript(app)],
    ['JSON', async () => app.state.text],
    ['curl', async () => curl(app, address())],
    ['SQL', () => sqlQuery(app)],
    ['Embed', async () => `<iframe src="${address()}?embed${await fragmentOf(app.state)}" title="Access rules in latchwork" width="100%" height="640" loading="lazy"></iframe>\n`],
  ])
  const output = h('pre', { class: 'code', tabindex: '0', role: 'region', 'aria-label': 'Text to copy' })
  let chosen = 0
  let shown = 0
  const choices = forms.map(([name], index) => button(name, () => choose(index), { class: 'small' }))
  const copyText = button('Copy', () => copy(output.textContent ?? '', forms[chosen][0]), { class: 'small primary' })

  /** @param {number} index */
  async function choose(index) {
    chosen = index
    choices.forEach((choice, at) => choice.setAttribute('aria-pressed', String(at === index)))
    shown += 1
    const now = shown
    const text = app.authorizer === undefined && index !== 1 ? 'The document has problems: mend them first.' : await forms[index][1]()
    if (now === shown) output.textContent = text
  }

  return {
    element: element(
      'div',
      'share',
      element('section', '', element('h3', '', 'Link'), element('p', 'quiet', 'The whole state is in the part of the link that browsers do not send: document, question, tests, pinned document. Nothing is uploaded.'), element('div', 'link-row', link, button('Copy link', () => copy(link.value, 'Link'), { class: 'primary' })), size),
      element('section', '', element('h3', '', 'As text'), element('div', 'choices', ...choices, copyText), output),
      element('section', '', element('h3', '', 'As files'), element('div', 'choices', button('Download policy.json', () => download('policy.json', app.state.text)), button('Download policy.test.json', () => download('policy.test.json', testFile(app.state))))),
    ),
    async update(state) {
      choose(chosen)
      const fragment = await fragmentOf(state)
      if (state !== app.state) return
      link.value = address() + fragment
      size.textContent = `${link.value.length.toLocaleString('en')} characters for a document of ${state.text.length.toLocaleString('en')}.`
    },
  }
}
