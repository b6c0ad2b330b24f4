// @ts-check
// The stories of the page as a module, `virtual:stories`. Those of the guides are made from the guides: a guide's example
// is run with the package, and what it opens and asks becomes the document, the resources and the tests of a story.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { open } from 'latchwork/rbac'
import { jsonText } from './json.mjs'

/** @typedef {import('../page/gallery.mjs').Story} Story */

const ROOT = new URL('../../', import.meta.url)
const GUIDES = new URL('docs/guides/', ROOT)
const TODO = new URL('examples/policies/todo/', ROOT)

/** The module of stories, for Vite. @returns {import('vite').Plugin} */
export function stories() {
  return {
    name: 'stories',
    resolveId: (id) => (id === 'virtual:stories' ? '\0virtual:stories' : undefined),
    load(id) {
      if (id !== '\0virtual:stories') return undefined
      for (const folder of [GUIDES, TODO, new URL('./', import.meta.url)]) this.addWatchFile(fileURLToPath(folder))
      return `export const STORIES = ${JSON.stringify(allStories())}`
    },
    // The gallery is a part of the page, so that nothing moves when the scripts are there.
    transformIndexHtml: (html) => html.replace('<!-- stories -->', () => galleryHtml(allStories())),
  }
}

/** @param {Story[]} all */
function galleryHtml(all) {
  const group = (/** @type {string} */ name, /** @type {Story[]} */ stories) =>
    `<div class="group"><h2>${name}</h2><div class="stories">${stories.map(({ id, title, text }) => `<button type="button" class="story" data-story="${id}" title="${escaped(text)}">${escaped(title)}</button>`).join('')}</div></div>`
  return group('Your own roles', all.filter(({ model }) => model === 'rbac')) + group('Products', all.filter(({ model }) => model !== 'rbac'))
}

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

/** @returns {Story[]} */
export function allStories() {
  const own = (/** @type {string} */ file) => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
  const written = (/** @type {any} */ { document, ...story }) => ({ rows: [], ...story, document: jsonText(document) })
  return [written(own('company.json')), ...guideStories(), todoStory(), ...own('products.json').map(written)]
}

/** The guides with a scenario of `latchwork/rbac`, in the order of the gallery. */
const SCENARIOS = [
  'multi-tenant',
  'teams-and-projects',
  'own-records',
  'collaborators',
  'field-level',
  'temporary-access',
  'plans',
  'legal-hold',
  'super-admin',
  'guests',
  'sharing',
  'api-tokens',
  'support-sessions',
  'separation-of-duties',
]

/** A story for each scenario. @returns {Story[]} */
function guideStories() {
  return SCENARIOS.map((id) => {
    const guide = readFileSync(new URL(`${id}.md`, GUIDES), 'utf8')
    const [, title, text] = /^# (.+)\n\n(.+)/.exec(guide) ?? []
    const [, code] = /```js\n([\s\S]*?)```/.exec(guide) ?? []
    if (title === undefined || code === undefined) throw new Error(`docs/guides/${id}.md has no title with a text below it, or no example`)
    return { id, title, text: text.replaceAll('`', ''), guide: `./docs/guides/${id}.html`, model: 'rbac', ...storyOf(recordingOf(code)) }
  })
}

/** @returns {Story} */
function todoStory() {
  const { description, ...document } = JSON.parse(readFileSync(new URL('policy.json', TODO), 'utf8'))
  const { cases } = JSON.parse(readFileSync(new URL('policy.test.json', TODO), 'utf8'))
  /** @type {Asked[]} */
  const asked = cases.map((/** @type {any} */ { ask: { user, ...ask }, expect }) => ({ subject: user, ...ask, allow: expect.allow }))
  const story = storyOf({ document, asked: asked.filter(({ action }) => action !== 'admin') })
  return { id: 'todo', title: 'Todo application', text: description, model: 'rbac', ...story, samples: representatives(story.samples, asked), tests: cases }
}

/** The most resources of the matrix that are asked about the same actions. */
const ALIKE = 2

/** Samples with the actions that are asked about each, without more of a kind. @param {import('../page/store.mjs').Sample[]} samples @param {Asked[]} asked */
function representatives(samples, asked) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  return samples.flatMap((sample) => {
    const actions = distinct(asked.filter(({ resource, attributes }) => JSON.stringify([resource, attributes]) === JSON.stringify([sample.resource, sample.attributes])).map(({ action }) => action)).filter((action) => action !== 'admin')
    const count = (counts.get(actions.join()) ?? 0) + 1
    counts.set(actions.join(), count)
    return count > ALIKE ? [] : [{ ...sample, actions }]
  })
}

/**
 * A question that an example asks, with its answer.
 * @typedef {import('../page/store.mjs').Question & { allow: boolean }} Asked
 */

/** What an example opens first, and what it asks there. @param {string} code @returns {{ document: any, asked: Asked[] }} */
function recordingOf(code) {
  /** @type {Asked[]} */
  const asked = []
  /** @type {any} */
  let document
  const openRecorded = (/** @type {any} */ given, /** @type {any} */ options) => {
    const authorizer = open(given, options)
    if (document !== undefined) return authorizer
    document = given
    const clock = options?.now
    /** @param {any} who @param {any[]} question @param {boolean} allow */
    const record = (who, [action, resource, attributes, extra], allow) => {
      const now = extra?.now ?? clock?.()
      asked.push({ ...who, action, resource, ...withMembers({ attributes, context: extra?.context, properties: extra?.properties, now }), allow })
    }
    return recorded(authorizer, record)
  }
  new Function('open', code.replace(/^import .*$/gm, ''))(openRecorded)
  return { document, asked }
}

/** Leaves out members that say nothing. @param {{ [name: string]: any }} members */
function withMembers(members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && !(typeof value === 'object' && Object.keys(value).length === 0)))
}

/** An authorizer that records its questions. @param {any} authorizer @param {(who: any, question: any[], allow: boolean) => void} record */
function recorded(authorizer, record) {
  return new Proxy(authorizer, {
    get(target, name) {
      if (name === 'can') return (/** @type {any} */ subject, /** @type {any[]} */ ...question) => reported(target.can(subject, ...question), (allow) => record({ subject }, question, allow))
      if (name === 'subject') return (/** @type {any} */ subject) => recordedSubject(target.subject(subject), { subject }, record)
      const value = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** @param {any} subject @param {any} who @param {(who: any, question: any[], allow: boolean) => void} record @returns {any} */
function recordedSubject(subject, who, record) {
  return new Proxy(subject, {
    get(target, name) {
      if (name === 'can') return (/** @type {any[]} */ ...question) => reported(target.can(...question), (allow) => record(who, question, allow))
      if (name === 'within') return (/** @type {any} */ within) => recordedSubject(target.within(within), { ...who, within }, record)
      const value = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** @template T @param {T} value @param {(value: T) => void} report */
function reported(value, report) {
  report(value)
  return value
}

/** The parts of a story that its questions give. @param {{ document: any, asked: Asked[] }} recording */
function storyOf({ document, asked }) {
  const samples = distinct(asked.map(({ resource, attributes, context, properties, now }) => ({ resource, ...withMembers({ attributes, context, properties, now }) })))
  const others = distinct(asked.map(({ subject = null, within }) => ({ subject, ...withMembers({ within }) }))).filter(({ subject, within }) => within !== undefined || subject === null || typeof subject !== 'string' || document.users?.[subject] === undefined)
  const actions = distinct(asked.map(({ action }) => action))
  const { allow: _, ...question } = asked.find(({ allow }) => !allow) ?? asked[0]
  return {
    document: jsonText(document),
    samples: samples.map((sample) => ({ ...sample, actions })),
    rows: others,
    question,
    tests: named(asked).map(({ id, subject = null, allow, properties, ...ask }) => ({ id, ask: { ...(typeof subject === 'object' && subject !== null ? { subject } : { user: subject }), ...ask, ...withMembers({ action_properties: properties }) }, expect: { allow } })),
  }
}

/** @template T @param {T[]} values */
function distinct(values) {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}

/** Questions with a name each. @param {Asked[]} asked */
function named(asked) {
  const names = new Map()
  return asked.map((each) => {
    const { subject = null, action, resource, within, allow } = each
    const who = subject === null ? 'a visitor' : typeof subject === 'string' ? subject : /** @type {any} */ (subject).id
    const what = typeof resource === 'string' ? resource : Object.values(resource).join(' ')
    const name = `${who}${within === undefined ? '' : ', within a narrower holder,'} ${allow ? 'may' : 'may not'} ${action} ${what}`
    const times = (names.get(name) ?? 0) + 1
    names.set(name, times)
    return { ...each, id: times === 1 ? name : `${name} (${times})` }
  })
}
