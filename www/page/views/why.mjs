// @ts-check
// Why a question is answered as it is: what decided, what is missing, and what would change the answer.

import { patched } from '../../../pkg/testing/json-patch.mjs'
import { asked, attempt, subjectOf } from '../app.mjs'
import { addressOf, rulesAddress } from '../citations.mjs'
import { button, element, h } from '../element.mjs'
import { normalized } from '../matrix.mjs'
import { nameOf, resourceText } from '../names.mjs'
import { placeButton, prose } from '../prose.mjs'
import { questionForm } from '../question-form.mjs'
import { toast } from '../toast.mjs'
import './why.css'

export const title = 'Why'

/** @typedef {import('../store.mjs').Question} Question */

/** @param {import('../app.mjs').App} app @returns {import('./index.mjs').View} */
export function create(app) {
  const { form, update: updateForm } = questionForm(app)
  const verdict = h('div', { class: 'verdict', role: 'status' })
  const body = element('div', 'reasons')
  const details = element('details', 'details', element('summary', '', 'Details'))
  const element_ = element('div', 'why', verdict, body, details, element('section', 'ask', element('h3', '', 'The question'), form))
  /** @type {Question | null} */
  let shown = null

  /** @param {import('../store.mjs').State} state */
  function update({ question, model }) {
    updateForm()
    const { authorizer } = app
    if (!authorizer || !question) {
      verdict.replaceChildren(element('p', 'empty', question ? 'The document has problems: mend them to see answers.' : 'Choose a cell of the matrix to see why it is allowed or denied.'))
      body.replaceChildren()
      details.hidden = true
      return
    }
    const { value: explanation, error } = attempt(() => authorizer.explain(asked(question)))
    if (error) {
      verdict.replaceChildren(element('p', '', badge('Refused', 'refused'), ' ', error.message, ' ', element('code', '', error.code)))
      body.replaceChildren()
      details.hidden = true
      app.point([])
      shown = question
      return
    }
    verdict.replaceChildren(element('p', 'answer', badge(explanation.allow ? 'Allowed' : 'Denied', explanation.allow ? 'allow' : 'deny'), ...sentence(question, explanation.allow, app.value)), element('p', 'text', ...prose(explanation.text)))
    body.replaceChildren(...sections(explanation, question, model))
    details.hidden = false
    details.replaceChildren(element('summary', '', 'Details'), detailsOf(explanation, question))
    const { grants = [], limits = [], nearMisses = [] } = explanation
    const pointers = [...grants, ...limits].map(({ pointer }) => pointer)
    // While a person types, the editor stays where it is.
    app.point(pointers.length > 0 ? pointers : nearMisses.map((/** @type {any} */ { pointer }) => pointer), question !== shown)
    shown = question
  }

  /** @param {any} explanation @param {Question} question @param {string} model */
  function sections({ grants = [], limits = [], within = [], nearMisses = [], remedies = [], citation }, question, model) {
    return [
      ...section('What decided', [...grants.map(grantItem), ...limits.map(limitItem), ...within.map((/** @type {number} */ index) => element('li', '', element('span', '', ...prose(`Holder ${index + 1} of \`within\` does not give this.`))))]),
      ...section('Almost', nearMisses.map(nearMissItem)),
      ...section('What would allow it', remedies.map((/** @type {any} */ remedy) => remedyItem(remedy, question))),
      element('p', 'citation quiet', 'By ', citationLink(model, citation)),
    ]
  }

  /** @param {any} grant */
  function grantItem({ pointer, holder, group, role, inherited = [], pattern, allow, until, scope }) {
    const by = [role && ['by the role ', code([role, ...inherited].join(' → '))], group && ['of the group ', code(group)], !group && holder !== 'user' && [holder === 'everyone' ? 'that everyone has' : 'that every signed-in user has'], scope && ['in the scope ', code(scope)], until && [`until ${timeText(until)}`]].filter(Boolean).flatMap((words) => [' ', ...words])
    return element('li', '', placeButton(app, pointer), element('span', '', 'Grant of ', ...codes(allow), ' on ', code(pattern), ...by))
  }

  /** @param {any} limit */
  function limitItem({ pointer, pattern, level, deny }) {
    return element('li', '', placeButton(app, pointer), element('span', '', 'Limit on ', code(pattern), ...(level === undefined ? [] : [' leaves ', code(level)]), ...(deny === undefined ? [] : [' denies ', ...codes(deny)])))
  }

  /** @param {any} miss */
  function nearMissItem({ kind, pointer, role, pattern, attribute, found, needed }) {
    const what = { level: 'A grant of a lower level', condition: 'A grant whose condition does not hold', 'not-yet': 'A grant that does not count yet', expired: 'A grant that has ended', scope: 'A role in another scope' }[/** @type {string} */ (kind)] ?? kind
    const value = (/** @type {any} */ each) => code((kind === 'expired' || kind === 'not-yet') && typeof each === 'number' ? timeText(each) : typeof each === 'string' ? each : JSON.stringify(each))
    const parts = [pattern && [' on ', code(pattern)], role && [' of the role ', code(role)], attribute && [': ', code(attribute)], found !== undefined && [attribute ? ' is ' : ': found ', value(found)], needed !== undefined && [', needed ', value(needed)]].filter(Boolean).flat()
    return element('li', '', placeButton(app, pointer), element('span', '', what, ...parts))
  }

  /** @param {any} remedy @param {Question} question */
  function remedyItem({ text, target, patch, pointer }, question) {
    const make = async () => {
      try {
        if (target === 'document') await app.patchDocument(patch)
        else await app.set({ question: normalized(patched({ ...question, subject: question.subject ?? null }, patch)) })
        if (target === 'document') app.point([pointer], true)
      } catch (error) {
        toast(`This cannot be done here: ${/** @type {Error} */ (error).message}`)
      }
    }
    return element('li', 'remedy', element('span', '', ...prose(`${text[0].toUpperCase()}${text.slice(1)}`), target === 'question' ? ' (in the question)' : ''), ...(patch ? [button('Make it so', make, { class: 'small primary' })] : []))
  }

  /** @param {any} explanation @param {Question} question */
  function detailsOf(explanation, question) {
    const { value: subjectDigest } = attempt(() => {
      const subject = subjectOf(app.authorizer, question)
      try {
        return subject.digest
      } finally {
        subject.dispose()
      }
    })
    const rule = h('a', { href: rulesAddress(app.state.model), target: '_blank' }, code(explanation.rule))
    const entries = [['Level', explanation.level], ['Needs', explanation.needs], ['Digest of the document', app.authorizer.digest], ['Digest of the subject', subjectDigest], ['Question', JSON.stringify(question)]]
    return element('dl', 'facts', element('dt', '', 'Rule'), element('dd', '', rule), ...entries.filter(([, value]) => value !== undefined).flatMap(([name, value]) => [element('dt', '', name), element('dd', '', code(String(value)))]))
  }

  return { element: element_, update }
}

/** @param {string} heading @param {HTMLElement[]} items */
function section(heading, items) {
  return items.length === 0 ? [] : [element('section', '', element('h3', '', heading), element('ul', 'list', ...items))]
}

/** @param {string} text @param {string} kind */
const badge = (text, kind) => element('span', `badge ${kind}`, text)

/** @param {string} text */
const code = (text) => element('code', '', text)

/** @param {string | string[]} names @returns {(Node | string)[]} */
const codes = (names) => [names].flat().flatMap((name, index) => (index === 0 ? [code(name)] : [', ', code(name)]))

/** @param {Question} question @param {boolean} allow @param {any} value */
function sentence(question, allow, value) {
  return [' ', element('strong', '', nameOf(question, value)), allow ? ' may ' : ' may not ', code(question.action), ' ', code(resourceText(question.resource))]
}

/** @param {number} seconds */
const timeText = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** @param {string} model @param {{ document: string, heading: string }} citation */
function citationLink(model, citation) {
  return h('a', { href: addressOf(model, citation), target: '_blank', rel: 'noopener noreferrer' }, element('cite', '', citation.document), `, “${citation.heading}”`)
}
