// @ts-check
// A document of the visitor's own: opened from a file, dropped or pasted. It stays in this browser.

import { readTests } from '../../pkg/testing/form.mjs'
import { button, element, h } from './element.mjs'
import { STORIES } from 'virtual:stories'
import { MODELS, loadModel } from './models.mjs'
import { parse } from './places.mjs'
import { samplesOf } from './suggestions.mjs'
import { isObject } from './store.mjs'
import { toast } from './toast.mjs'

/** The largest file that is opened, in bytes. */
const FILE_MAX = 2 * 1024 * 1024

/**
 * Fills the tools of the document, and takes files that are dropped anywhere on the page.
 * @param {HTMLElement} place
 * @param {import('./app.mjs').App} app
 */
export function documentTools(place, app) {
  const file = h('input', { type: 'file', accept: '.json,application/json', hidden: true, tabindex: '-1', 'aria-label': 'A policy file, tests or records', onchange: (event) => openFiles(event.target) })
  const model = h('select', { 'aria-label': 'Model', class: 'model', onchange: (event) => app.set({ model: event.target.value, samples: samplesFor(event.target.value, app.value), question: null, tests: [], pinned: null, story: '' }) }, ...MODELS.map(({ name, title }) => new Option(title, name)))
  place.replaceChildren(model, button('Open a file', () => file.click(), { title: 'Or drop a file on the page, or paste into the editor. Nothing leaves this page.' }), file)
  const show = () => {
    model.value = app.state.model
  }
  show()
  app.subscribe(show)

  const overlay = h('div', { class: 'drop', hidden: true }, element('p', '', 'Drop a policy file, tests, or records of a product', element('span', '', 'Nothing leaves this page.')))
  document.body.append(overlay)
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') === true
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    overlay.hidden = false
  })
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) overlay.hidden = true
  })
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    overlay.hidden = true
    openFile(event.dataTransfer?.files[0])
  })
  // A paste outside of fields opens what is pasted.
  addEventListener('paste', (event) => {
    const target = /** @type {Element | null} */ (event.composedPath()[0] ?? null)
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (target?.closest?.('input, textarea, select, [contenteditable]') || !text.trim().startsWith('{')) return
    event.preventDefault()
    openText(text, 'the pasted text')
  })

  /** @param {HTMLInputElement} input */
  async function openFiles(input) {
    await openFile(input.files?.[0])
    input.value = ''
  }

  /** @param {File | undefined} chosen */
  async function openFile(chosen) {
    if (!chosen) return
    if (chosen.size > FILE_MAX) return toast(`${chosen.name} is larger than ${FILE_MAX / 1024 / 1024} MiB`)
    await openText(await chosen.text(), chosen.name)
  }

  /** @param {string} text @param {string} name */
  async function openText(text, name) {
    const { value, problems } = parse(text)
    if (value !== undefined && isObject(value) && Array.isArray(value.cases)) return openTests(value, name)
    const found = problems ? app.state.model : await modelFor(value, app.state.model)
    await app.set({ story: '', model: found, text, pinned: null, samples: samplesFor(found, value), rows: [{ subject: null }], question: null, tests: [] })
    toast(`Opened ${name}. Nothing leaves this page.`)
  }

  /** @param {any} value @param {string} name */
  async function openTests(value, name) {
    const { tests, problems } = readTests(value)
    if (problems.length > 0) return toast(`${name}: ${problems[0].message} at ${problems[0].path}`)
    await app.set({ tests: tests.cases, view: 'tests' })
    toast(`Opened the tests of ${name}`)
  }
}

/** The model whose document this is: the one that finds the fewest problems in it. @param {any} value @param {string} current */
async function modelFor(value, current) {
  const names = [current, ...MODELS.map(({ name }) => name).filter((name) => name !== current)]
  let best = { name: current, problems: Infinity }
  for (const name of names) {
    const { open } = await loadModel(name)
    try {
      open(value).dispose()
      return name
    } catch (error) {
      const problems = /** @type {any} */ (error).problems?.length ?? Infinity
      if (problems < best.problems) best = { name, problems }
    }
  }
  return best.name
}

/** The resources of the matrix for a document without a story. @param {string} model @param {any} value @returns {import('./store.mjs').Sample[]} */
function samplesFor(model, value) {
  if (model === 'rbac') return samplesOf(value)
  return STORIES.find((story) => story.model === model)?.samples ?? []
}
