// @ts-check
// The page: shows each problem next to its field while the user types, and sends the form once it is valid.

import { validate, vocabulary } from 'latchwork/meuse'

const form = /** @type {HTMLFormElement} */ (document.querySelector('form'))
const status = /** @type {HTMLElement} */ (form.querySelector('[role=status]'))
const role = /** @type {HTMLSelectElement} */ (form.querySelector('select'))

// The roles come from the model, so the form offers what the server accepts.
for (const level of vocabulary().levels) role.add(new Option(level))

/** Fields that the user has left. A problem of an untouched field would be shown too early. @type {Set<string>} */
const touched = new Set()

/** What the form would send. */
const valueOf = () => ({ ...Object.fromEntries(new FormData(form)), active: true })

/** @param {readonly { path: string, message: string }[]} problems */
function show(problems) {
  for (const output of form.querySelectorAll('output')) {
    const name = output.htmlFor.value
    const problem = touched.has(name) ? problems.find(({ path }) => path === `/${name}`) : undefined
    output.value = problem?.message ?? ''
  }
}

form.addEventListener('focusout', ({ target }) => {
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) touched.add(target.name)
  show(validate('user.create', valueOf()).problems ?? [])
})
form.addEventListener('input', () => show(validate('user.create', valueOf()).problems ?? []))

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  for (const output of form.querySelectorAll('output')) touched.add(output.htmlFor.value)
  const { value, problems } = validate('user.create', valueOf())
  show(problems ?? [])
  if (!value) return
  const response = await fetch('/users', { method: 'POST', body: JSON.stringify(value) })
  if (response.ok) status.textContent = `${value.name} was created`
  else show((await response.json()).problems)
})
