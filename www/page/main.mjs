// @ts-check
// The page: an example fills the form, and whatever stands in the form is asked, here and in the worker.

import { LatchworkError } from 'latchwork'
import { answer } from '../answer.mjs'
import { Editor } from './editor.mjs'
import { element } from './element.mjs'
import { examplesOf } from './examples.mjs'
import { parse, place } from './places.mjs'
import { SYSTEMS } from './systems.mjs'
import { comparison, rows } from './verdict.mjs'
import { askWorker } from './worker.mjs'

/** How long the typing must rest before the worker is asked, in milliseconds. */
const REST = 200

/** @param {string} id @returns {any} */
const part = (id) => document.getElementById(id)

const editor = new Editor({ text: part('records'), gutter: part('lines'), marks: part('marks'), list: part('problems') })

/** @type {import('./examples.mjs').Example[]} */
let examples = []
let asking = new AbortController()

start()

function start() {
  part('system').append(...SYSTEMS.map(({ name, title }) => new Option(title, name)))
  part('system').addEventListener('change', chooseSystem)
  part('example').addEventListener('change', chooseExample)
  part('form').addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault())
  part('form').addEventListener('input', () => ask(REST))
  chooseSystem()
}

async function chooseSystem() {
  waiting()
  const name = part('system').value
  const { load } = /** @type {typeof SYSTEMS[number]} */ (SYSTEMS.find((system) => system.name === name))
  const { default: file } = await load()
  if (part('system').value !== name) return
  examples = examplesOf(file)
  part('example').replaceChildren(...examples.map(({ id, why }, index) => new Option(`${id}: ${why}`, String(index))))
  // Only some systems have questions about roles: those that have examples of them.
  const role = part('as-role')
  // Not every browser hides options.
  role.hidden = role.disabled = !examples.some(({ question }) => 'role' in question)
  chooseExample()
}

function chooseExample() {
  const { records, question, why, actions } = chosen()
  const { subject, role, action, resource, attributes } = question
  part('why').textContent = why
  part('action').replaceChildren(...actions.map((action) => new Option(action)))
  part('asker').value = role !== undefined ? 'role' : subject === null ? 'nobody' : 'subject'
  part('name').value = role ?? subject ?? ''
  setAction(action)
  part('resource').value = resource
  part('attributes').value = attributes === undefined ? '' : JSON.stringify(attributes)
  editor.value = records
  ask(0)
}

function chosen() {
  return examples[Number(part('example').value)]
}

/** An example may ask for what the system has no word for. @param {string} action */
function setAction(action) {
  const select = part('action')
  select.querySelector('[data-unknown]')?.remove()
  if (![...select.options].some(({ value }) => value === action)) {
    const option = new Option(`${action} (unknown)`, action)
    option.dataset.unknown = ''
    select.append(option)
  }
  select.value = action
}

/** What stands in the form now, as a question. @param {unknown} attributes */
function question(attributes) {
  const name = part('name').value
  const asker = { subject: { subject: name }, role: { role: name }, nobody: { subject: null } }[/** @type {'subject' | 'role' | 'nobody'} */ (part('asker').value)]
  return { ...asker, action: part('action').value, resource: part('resource').value, ...(attributes !== undefined && { attributes }) }
}

/** @param {number} rest */
async function ask(rest) {
  waiting()
  const { signal } = asking
  part('name').disabled = part('asker').value === 'nobody'
  const records = parse(editor.value)
  const attributes = parse(part('attributes').value || 'null')
  showAttributes(attributes.problems)
  if (records.problems) editor.show(records.problems)
  if (records.problems || attributes.problems) return unasked(records.problems ? 'the records are no JSON' : 'the attributes are no JSON')

  const asked = { system: part('system').value, records: records.value, question: question(attributes.value ?? undefined) }
  const browser = answerHere(asked)
  editor.show(place(editor.value, browser.error?.problems ?? []))
  show([browser, undefined])
  showDocumented(browser, asked.question)
  try {
    await new Promise((resolve) => setTimeout(resolve, rest))
    if (signal.aborted) return
    const worker = await askWorker(asked, signal)
    show([browser, worker])
    const { state, text } = comparison(browser, worker)
    say(state, text)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** @param {{ system: string, records: unknown, question: import('../answer.mjs').Question }} asked @returns {import('./worker.mjs').Answer} */
function answerHere({ system, records, question }) {
  try {
    return answer(system, records, question)
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error
    const { code, message, problems = [] } = error
    return { error: { code, message, problems: [...problems] } }
  }
}

/** An answer to what stood in the form before is not waited for. */
function waiting() {
  asking.abort()
  asking = new AbortController()
  say('waiting', 'Asking the worker …')
}

/** @param {string} reason */
function unasked(reason) {
  const error = { code: 'malformed_json', message: reason }
  show([{ error }, { error }])
  part('documented').textContent = ''
  say('unasked', `Refused: ${reason}, nothing was asked`)
}

/** @param {'waiting' | 'unasked' | 'agree' | 'differ' | 'alone'} state @param {string} text */
function say(state, text) {
  const status = part('agreement')
  status.dataset.state = state
  // While the worker is asked, the words of the last answer stay: they would only flicker.
  if (state !== 'waiting' || status.textContent === '') status.textContent = text
}

/** @param {[import('./worker.mjs').Answer, import('./worker.mjs').Answer | undefined]} answers */
function show(answers) {
  part('answers').replaceChildren(...rows(answers))
  const [{ explanation }] = answers
  part('explanation').hidden = !explanation
  if (!explanation) return
  part('text').textContent = explanation.text
  part('citation').replaceChildren(element('cite', '', explanation.citation.document), `, “${explanation.citation.heading}”`)
}

/** Holds the answer against the example, as long as nobody changed it. @param {import('./worker.mjs').Answer} browser @param {unknown} asked */
function showDocumented({ decision, error }, asked) {
  const { records, question, expect } = chosen()
  const unchanged = editor.value === records && JSON.stringify(asked) === JSON.stringify(question)
  const expected = expect.error ?? expect.level ?? (expect.allow ? 'allow' : 'deny')
  const got = expect.error ? error?.code : expect.level ? decision?.level : decision && (decision.allow ? 'allow' : 'deny')
  part('documented').textContent = unchanged ? `Documented: ${expected}${got === expected ? ', as answered' : `, but answered: ${got}`}` : 'Changed from the example'
}

/** @param {import('./places.mjs').PlacedProblem[] | undefined} problems */
function showAttributes(problems = []) {
  part('attributes').setAttribute('aria-invalid', String(problems.length > 0))
  part('attributes-problem').textContent = problems.map(({ message, start }) => `${message} at character ${start + 1}`).join('; ')
}
