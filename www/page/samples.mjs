// @ts-check
// What the matrix asks about: its resources with their attributes, and its further rows.

import { button, element, field, h } from './element.mjs'
import { detailsText, nameOf, resourceText } from './names.mjs'
import { parse } from './places.mjs'

/** @param {HTMLElement} place @param {import('./app.mjs').App} app */
export function showSamples(place, app) {
  const resource = h('input', { spellcheck: 'false', autocapitalize: 'off', placeholder: 'docs/1' })
  const attributes = h('input', { spellcheck: 'false', autocapitalize: 'off', placeholder: '{ "owner": "ann" }' })
  const user = h('input', { spellcheck: 'false', autocapitalize: 'off', placeholder: 'id; empty for anonymous' })
  const wrong = h('p', { class: 'failure', role: 'status' })
  const list = element('ul', 'chips')
  const addResource = h('form', { class: 'add', 'aria-label': 'Add a resource', onsubmit: submitResource }, field('Resource', resource), field('Attributes (JSON, optional)', attributes), h('button', { type: 'submit' }, 'Add resource'))
  const addRow = h('form', { class: 'add', 'aria-label': 'Add a row', onsubmit: submitRow }, field('User', user), h('button', { type: 'submit' }, 'Add row'))
  place.replaceChildren(element('summary', '', 'Resources and rows of the table'), list, addResource, addRow, wrong)
  app.subscribe(show)
  show()

  /** @param {SubmitEvent} event */
  function submitResource(event) {
    event.preventDefault()
    const { value, problems } = parse(attributes.value.trim() || 'null')
    wrong.textContent = problems ? `The attributes are not JSON: ${problems[0].message}` : ''
    if (problems || resource.value.trim() === '') return
    app.set({ samples: [...app.state.samples, { resource: resource.value.trim(), ...(value !== null && { attributes: value }) }] })
    resource.value = attributes.value = ''
    resource.focus()
  }

  /** @param {SubmitEvent} event */
  function submitRow(event) {
    event.preventDefault()
    app.set({ rows: [...app.state.rows, { subject: user.value.trim() || null }] })
    user.value = ''
    user.focus()
  }

  function show() {
    const { samples, rows } = app.state
    list.replaceChildren(
      ...samples.map((sample, index) => chip([resourceText(sample.resource), detailsText(sample)].filter(Boolean).join(' · '), () => app.set({ samples: app.state.samples.toSpliced(index, 1) }))),
      ...rows.map((row, index) => chip(nameOf(row), () => app.set({ rows: app.state.rows.toSpliced(index, 1) }))),
    )
  }
}

/** @param {string} text @param {() => void} remove */
function chip(text, remove) {
  return element('li', 'chip', element('span', '', text), button('×', remove, { 'aria-label': `Remove ${text}` }))
}
