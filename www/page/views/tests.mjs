// @ts-check
// Policy tests beside the document: which pass, which parts of the document no test exercises, and which changes of it no
// test notices. They run as `latchwork test` runs them.

import { LatchworkError } from 'latchwork/rbac/web'
import { unexercised } from '../../../pkg/testing/coverage.mjs'
import { readTests } from '../../../pkg/testing/form.mjs'
import { survivalTest } from '../../../pkg/testing/mutants.mjs'
import { runCase, TIMELESS } from '../../../pkg/testing/run.mjs'
import { asked } from '../app.mjs'
import { download } from '../download.mjs'
import { button, counted, element, h } from '../element.mjs'
import { normalized } from '../matrix.mjs'
import { loadServer } from '../models.mjs'
import { nameOf, resourceText } from '../names.mjs'
import { placeButton, prose } from '../prose.mjs'
import './tests.css'

export const title = 'Tests'

/** How long changes of the document are tried before the page is drawn again, in milliseconds. */
const SLICE = 12

/** @param {import('../app.mjs').App} app @returns {import('./index.mjs').View} */
export function create(app) {
  const summary = h('p', { class: 'summary', role: 'status' })
  const list = element('ul', 'cases')
  const coverage = element('section', 'gaps')
  const mutants = element('section', 'gaps')
  const add = button('Add the question above', addQuestion, { title: 'Adds the question of “Why”, with its answer of now as what is expected' })
  const save = button('Download tests', () => download('policy.test.json', testFile(app.state)))
  const bar = element('div', 'test-bar', summary, add, save)
  const command = element('code', '')
  const how = element('p', 'quiet how', 'With both files on your machine: ', command)
  const parts = element('div', 'test-parts', list, how, coverage, mutants)
  let run = 0
  let shown = ''

  function addQuestion() {
    const { question, tests } = app.state
    if (!question || !app.authorizer) return
    const { allow } = app.authorizer.decide(asked(question))
    app.set({ tests: [...tests, caseOf(question, allow, tests, app.value)] })
  }

  /** @param {import('../store.mjs').State} state */
  async function update({ text, model, tests, question }) {
    command.textContent = `npx latchwork test policy.test.json${model === 'rbac' ? ' --coverage --mutants' : ''}`
    add.toggleAttribute('disabled', question === null || app.authorizer === undefined)
    const key = JSON.stringify([text, model, tests])
    if (key === shown) return
    shown = key
    run += 1
    const now = run
    await new Promise((resolve) => setTimeout(resolve))
    parts.hidden = app.authorizer === undefined
    if (app.authorizer === undefined) return say('The document has problems: mend them to run the tests.')
    const module = await loadServer()
    if (now !== run) return
    const { problems } = readTests({ system: model, policy: app.value, cases: tests })
    if (tests.length > 0 && problems.length > 0) return say(`The tests are not valid: ${problems[0].message} at ${problems[0].path}`)
    const authorizer = module.open(/** @type {any} */ (model), app.value, /** @type {any} */ (TIMELESS))
    try {
      const outcomes = tests.map((test) => runCase({ module: /** @type {any} */ (module), system: model, authorizer }, test))
      const failed = outcomes.filter(({ passed }) => !passed).length
      if (tests.length === 0) say('No tests yet.')
      else say(`${outcomes.length - failed} passed, ${failed} failed`, failed > 0 ? 'failed' : 'passed')
      list.replaceChildren(...outcomes.map((outcome, index) => caseItem(tests[index], outcome, index)))
      const own = (/** @type {any} */ test) => test.given === undefined && test.given_text === undefined
      const isListed = showCoverage(authorizer, outcomes.filter((_, index) => own(tests[index])))
      if (!isListed) return mutants.replaceChildren()
      if (failed > 0) return void mutants.replaceChildren(element('h3', '', 'Changes that no test notices'), element('p', 'quiet', 'They are tried when all tests pass.'))
      await showMutants(module, authorizer, tests.filter(own), () => now === run)
    } finally {
      authorizer.dispose()
    }
  }

  /** @param {string} text @param {'passed' | 'failed' | ''} [state] */
  function say(text, state = '') {
    summary.textContent = text
    summary.dataset.state = state
  }

  /** @param {any} test @param {import('../../../pkg/testing/run.mjs').Outcome} outcome @param {number} index */
  function caseItem(test, { id, passed, question, expected, found }, index) {
    const expect = h('select', { 'aria-label': `Expected answer of: ${id}`, onchange: (event) => change(index, { expect: { ...test.expect, allow: event.target.value === 'allow' } }) }, new Option('allowed', 'allow'), new Option('denied', 'deny'))
    expect.value = expected?.allow === false ? 'deny' : 'allow'
    const name = h('textarea', { rows: 1, 'aria-label': 'Name of the test', spellcheck: 'false', onchange: (event) => rename(index, event.target), oninput: fit, onkeydown: leaveByEnter })
    const grown = element('div', 'name', name)
    name.value = id
    fit()
    /** The field is as high as its text, which the style sheet draws behind it. */
    function fit() {
      grown.dataset.text = `${name.value} `
    }
    const reason = passed ? '' : typeof found?.allow === 'boolean' ? `found: ${found.allow ? 'allowed' : 'denied'}${found.rule ? ` by the rule ${found.rule}` : ''}` : `found: ${JSON.stringify(found)}`
    const show = test.ask ? [button('Why', () => app.set({ question: questionOf(test.ask), view: 'why' }), { class: 'small', 'aria-label': `Why: ${id}` })] : []
    return h(
      'li',
      { 'data-state': passed ? 'passed' : 'failed' },
      element('span', 'mark', passed ? '✓' : '✗', element('span', 'hidden-text', passed ? 'passed' : 'failed')),
      element('div', 'case', grown, element('span', 'asks quiet', questionText(test, question), reason ? element('span', 'reason', reason) : '')),
      element('div', 'case-tools', ...(typeof expected?.allow === 'boolean' ? [expect] : []), ...show, button('×', () => app.set({ tests: app.state.tests.toSpliced(index, 1) }), { class: 'small', 'aria-label': `Remove: ${id}` })),
    )
  }

  /** Renames a test, if no other has the name. @param {number} index @param {HTMLTextAreaElement} input */
  function rename(index, input) {
    const id = input.value.replace(/\s+/g, ' ').trim()
    const { tests } = app.state
    if (id !== '' && !tests.some((test, at) => at !== index && test.id === id)) change(index, { id })
    else input.value = tests[index].id
    input.dispatchEvent(new Event('input'))
  }

  /** @param {number} index @param {any} changes */
  function change(index, changes) {
    app.set({ tests: app.state.tests.with(index, { ...app.state.tests[index], ...changes }) })
  }

  /** Returns whether the model lists what can decide. @param {any} authorizer @param {import('../../../pkg/testing/run.mjs').Outcome[]} outcomes */
  function showCoverage(authorizer, outcomes) {
    const heading = element('h3', '', 'Coverage')
    try {
      const parts = authorizer.parts().filter((/** @type {any} */ { kind }) => kind !== 'assignment').length
      const gaps = unexercised(authorizer, outcomes)
      coverage.replaceChildren(heading, meter(parts - gaps.length, parts, 'grants, limits and roles exercised'), element('ul', 'list', ...gaps.map(({ path, kind }) => element('li', '', placeButton(app, path), element('span', '', `no test is decided by this ${kind} `, element('code', 'quiet', path))))))
      return true
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error
      const text = 'Only documents of `rbac` have coverage and changes to try: their grants, limits and roles can be listed. Records of a product are tested by their answers.'
      coverage.replaceChildren(element('h3', '', 'Coverage and changes that no test notices'), element('p', 'quiet', ...prose(text)))
      return false
    }
  }

  /** @param {any} module @param {any} authorizer @param {any[]} tests @param {() => boolean} isCurrent */
  async function showMutants(module, authorizer, tests, isCurrent) {
    const heading = element('h3', '', 'Changes that no test notices')
    const all = authorizer.mutants()
    const survives = survivalTest(module, { system: app.state.model, value: app.value }, tests)
    const survived = []
    let start = performance.now()
    for (const [index, mutant] of all.entries()) {
      if (survives(mutant)) survived.push(mutant)
      if (performance.now() - start < SLICE) continue
      mutants.replaceChildren(heading, element('p', 'quiet', `Trying change ${index + 1} of ${all.length} …`))
      await new Promise((resolve) => setTimeout(resolve))
      if (!isCurrent()) return
      start = performance.now()
    }
    mutants.replaceChildren(heading, meter(all.length - survived.length, all.length, 'changes noticed'), element('ul', 'list', ...survived.map(({ path, change }) => element('li', '', placeButton(app, path), element('span', '', ...prose(change))))))
  }

  return { element: element('div', 'tests', bar, parts), update }
}

/** A name has one line, however it is wrapped. @param {KeyboardEvent} event */
function leaveByEnter(event) {
  if (event.key !== 'Enter') return
  event.preventDefault()
  const field = /** @type {HTMLElement} */ (event.currentTarget)
  field.blur()
}

/** `5 of 7 …` with a bar. @param {number} value @param {number} max @param {string} text */
function meter(value, max, text) {
  const label = `${value} of ${max} ${text}`
  return element('p', 'meter', h('progress', { value, max: Math.max(max, 1), 'aria-label': label }), ` ${label}`)
}

/** The test of a question that is answered so. @param {import('../store.mjs').Question} question @param {boolean} allow @param {readonly any[]} tests @param {any} value */
function caseOf({ subject = null, role, properties, ...question }, allow, tests, value) {
  const base = `${nameOf({ subject, role }, value)} ${allow ? 'may' : 'may not'} ${question.action} ${resourceText(question.resource)}`
  let id = base
  for (let number = 2; tests.some((test) => test.id === id); number += 1) id = `${base} (${number})`
  const who = role !== undefined ? { role } : typeof subject === 'object' && subject !== null ? { subject } : { user: subject }
  return { id, ask: { ...who, ...question, ...(properties !== undefined && { action_properties: properties }) }, expect: { allow } }
}

/** The question of a test. @param {any} ask */
function questionOf({ user, subject, role, fields, action_properties: properties, ...question }) {
  return normalized({ ...question, ...(role === undefined ? { subject: subject ?? user ?? null } : { role }), ...(fields !== undefined && { attributes: { fields } }), ...(properties !== undefined && { properties }) })
}

/** @param {any} test @param {any} question */
function questionText(test, question) {
  if (!test.ask) return typeof question === 'string' ? question : JSON.stringify(question)
  const { user, subject, role, action, resource, within, now, ...rest } = test.ask
  const who = role !== undefined ? `role ${role}` : nameOf({ subject: subject ?? user ?? null, within })
  return `${who} · ${action ?? 'request'} · ${resource === undefined ? '' : resourceText(resource)}${Object.keys(rest).length > 0 ? ` · ${JSON.stringify(Object.values(rest)[0])}` : ''}`
}

/** The file that `latchwork test` reads. @param {import('../store.mjs').State} state */
export function testFile({ model, tests }) {
  const head = `${model === 'rbac' ? '' : `  "system": ${JSON.stringify(model)},\n`}  "policy": "./policy.json",\n`
  return `{\n${head}  "cases": [\n${tests.map((test) => `    ${JSON.stringify(test)}`).join(',\n')}\n  ]\n}\n`
}
