// @ts-check
// The proof of the package: the same module gives the same answer in this browser and in the worker, with equal digests,
// for the question of the page and for every documented example of its model.

import { LatchworkError } from 'latchwork/rbac/web'
import { decideAndExplain } from '../../decide-and-explain.mjs'
import { button, element, h } from '../element.mjs'
import { examplesOf } from '../examples.mjs'
import { modelOf } from '../models.mjs'
import { askWorker, UNREACHABLE } from '../worker.mjs'
import './proof.css'

export const title = 'Browser and worker'

/** @typedef {import('../worker.mjs').Answer} Answer */

/** How long typing rests before the worker is asked, in milliseconds. */
const REST = 200
/** How many requests to the worker are under way at once. */
const CONCURRENT = 4

/** @type {[string, (answer: Answer) => string | undefined][]} */
const ROWS = [
  ['Rule', ({ decision }) => decision?.rule],
  ['Level', ({ decision }) => decision?.level],
  ['Needs', ({ decision }) => decision?.needs],
  ['Document digest', ({ digest }) => digest],
  ['Subject digest', ({ subjectDigest }) => subjectDigest],
  ['Reason', ({ error }) => error && `${error.message} (${error.code})`],
]

/** @param {import('../app.mjs').App} app @returns {import('./index.mjs').View} */
export function create(app) {
  const agreement = h('p', { class: 'agreement', role: 'status', id: 'agreement' })
  const rows = h('tbody', { id: 'answers' })
  const table = h('table', { class: 'proof-table', 'aria-label': 'Answers' }, element('thead', '', element('tr', '', element('td', ''), h('th', { scope: 'col' }, 'Browser'), h('th', { scope: 'col' }, 'Worker'))), rows)
  const runAll = button('Run all documented examples', run, { class: 'primary' })
  const runStatus = h('p', { class: 'quiet', role: 'status', id: 'examples-status' })
  const examples = h('ol', { class: 'examples', id: 'examples' })
  let asking = new AbortController()
  let running = new AbortController()
  let model = ''

  /** @param {import('../store.mjs').State} state */
  async function update(state) {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    if (state.model !== model) clearExamples(state.model)
    if (!app.authorizer || !state.question) {
      say('unasked', app.authorizer ? 'Choose a cell of the matrix.' : 'The document has problems: nothing is asked.')
      table.hidden = true
      return rows.replaceChildren()
    }
    const question = { system: state.model, records: app.value, question: questionOf(state.question) }
    const here = answerHere(question.records, question.question)
    show([here, undefined])
    say('waiting', 'Asking the worker …')
    try {
      await new Promise((resolve) => setTimeout(resolve, REST))
      if (signal.aborted) return
      const there = await askWorker(question, signal)
      show([here, there])
      const { state, text } = comparison(here, there)
      say(state, text)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  /** @param {unknown} records @param {import('../../decide-and-explain.mjs').Question} question @returns {Answer} */
  function answerHere(records, question) {
    try {
      return decideAndExplain(app.module.open, records, question)
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error
      const { code, message, problems = [] } = error
      return { error: { code, message, problems: [.../** @type {any} */ (problems)] } }
    }
  }

  /** @param {'waiting' | 'unasked' | 'agree' | 'differ' | 'alone'} state @param {string} text */
  function say(state, text) {
    agreement.dataset.state = state
    agreement.textContent = text
  }

  /** @param {readonly (Answer | undefined)[]} answers */
  function show(answers) {
    const head = element('tr', '', rowHeader('Decision'), ...answers.map((each) => element('td', '', badge(each))))
    const rest = ROWS.flatMap(([name, value]) => {
      const values = answers.map((each) => each && value(each))
      return values.every((each) => each === undefined) ? [] : [element('tr', '', rowHeader(name), ...values.map((each) => element('td', '', element('code', '', each ?? '–'))))]
    })
    table.hidden = false
    rows.replaceChildren(head, ...rest)
  }

  /** @param {string} name */
  function clearExamples(name) {
    running.abort()
    model = name
    examples.replaceChildren()
    delete runStatus.dataset.state
    runStatus.textContent = `Every runtime is tested with the documented examples of ${name}. The button asks each of them here and in the worker.`
    runAll.toggleAttribute('disabled', false)
  }

  async function run() {
    running.abort()
    running = new AbortController()
    const { signal } = running
    runAll.toggleAttribute('disabled', true)
    runStatus.dataset.state = 'running'
    const { default: file } = await /** @type {import('../models.mjs').Model} */ (modelOf(model)).cases()
    const list = examplesOf(app.module.classify, file)
    const counts = { documented: 0, equal: 0, done: 0 }
    const items = list.map(() => element('li', ''))
    examples.replaceChildren(...items)
    let next = 0
    const work = async () => {
      for (; next < list.length && !signal.aborted; ) {
        const index = next
        next += 1
        const { id, why, records, question, expect } = list[index]
        const here = answerHere(records, question)
        const there = await askWorker({ system: model, records, question }, signal)
        const { state, text } = comparison(here, there)
        const found = expect.error ? here.error?.code : expect.level ? here.decision?.level : here.decision?.allow
        const isDocumented = found === (expect.error ?? expect.level ?? expect.allow)
        counts.done += 1
        if (isDocumented) counts.documented += 1
        if (state === 'agree') counts.equal += 1
        const item = items[index]
        Object.assign(item.dataset, { state, documented: String(isDocumented), digests: [here.digest, there.digest, here.subjectDigest, there.subjectDigest].join(' ') })
        item.title = text
        item.append(badge(here), ' ', element('code', '', id), ' ', why, ...(isDocumented && state === 'agree' ? [] : [element('b', 'failure', isDocumented ? ` ${text}` : ' differs from the document')]))
        runStatus.textContent = `${counts.done} of ${list.length}: ${counts.documented} as documented, ${counts.equal} equal in browser and worker`
      }
    }
    try {
      await Promise.all(Array.from({ length: CONCURRENT }, work))
    } catch (error) {
      if (!signal.aborted) throw error
    }
    if (signal.aborted) return
    runStatus.dataset.state = 'done'
    runAll.toggleAttribute('disabled', false)
  }

  return { element: element('div', 'proof', agreement, table, element('section', 'examples-part', element('h3', '', 'Documented examples'), element('div', 'choices', runAll), runStatus, examples)), update }
}

/** @param {import('../store.mjs').Question} question @returns {import('../../decide-and-explain.mjs').Question} */
function questionOf({ role, subject = null, ...question }) {
  return { ...(role === undefined ? { subject } : { role }), ...question }
}

/** @param {string} name */
const rowHeader = (name) => h('th', { scope: 'row' }, name)

/** @param {Answer | undefined} answer */
function badge(answer) {
  const word = wordOf(answer)
  return element('span', `badge ${word === 'Allow' ? 'allow' : word === 'Deny' ? 'deny' : 'warn'}`, word)
}

/** Whether the worker could not be asked. @param {Answer} answer */
const isMissing = ({ error }) => error?.code === UNREACHABLE

/** @param {Answer | undefined} answer */
function wordOf(answer) {
  if (!answer) return '…'
  if (isMissing(answer)) return 'No answer'
  if (!answer.decision) return 'Refused'
  return answer.decision.allow ? 'Allow' : 'Deny'
}

/**
 * @param {Answer} browser
 * @param {Answer} worker
 * @returns {{ state: 'agree' | 'differ' | 'alone', text: string }}
 */
function comparison(browser, worker) {
  if (isMissing(worker)) return { state: 'alone', text: `${wordOf(browser)} in the browser. The worker cannot be reached.` }
  if (!isSame(browser, worker)) return { state: 'differ', text: `${wordOf(browser)} in the browser, ${wordOf(worker).toLowerCase()} in the worker: they differ` }
  return { state: 'agree', text: `Browser and worker agree: ${wordOf(browser).toLowerCase()}, ${browser.decision ? 'same decision, same digests' : 'for the same reason'}` }
}

/** @param {Answer} one @param {Answer} other */
function isSame({ error, decision, explanation, digest, subjectDigest }, other) {
  if (error) return error.code === other.error?.code && error.message === other.error.message && isDeepSame(error.problems ?? [], other.error.problems ?? [])
  return isDeepSame({ decision, explanation, digest, subjectDigest }, other)
}

/** Both values are made by one package, so their members have one order. @param {unknown} one @param {unknown} other */
const isDeepSame = (one, other) => JSON.stringify(one) === JSON.stringify(other)
