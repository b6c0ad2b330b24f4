// @ts-check
// What changes against a pinned document, and what in the document is probably a mistake.

import { holdersText, resourcesText, vocabularyText } from '../../../pkg/cli/diff-text.mjs'
import { conditionText } from '../../../pkg/cli/condition-text.mjs'
import { LatchworkError } from 'latchwork/rbac/web'
import { button, counted, element, h } from '../element.mjs'
import { nameOf, resourceText } from '../names.mjs'
import { placeButton, prose } from '../prose.mjs'
import { askButton } from '../question-form.mjs'
import { answersOf, rowsOf, usersOf } from '../rows.mjs'
import './what-if.css'

export const title = 'What-if'

/** The most differences that are listed. */
const LISTED = 100

/** @param {import('../app.mjs').App} app @returns {import('./index.mjs').View} */
export function create(app) {
  const bar = element('div', 'pin')
  const summary = h('p', { class: 'summary', role: 'status' })
  const list = element('ul', 'changes')
  const lintSummary = element('p', 'summary')
  const lintList = element('ul', 'list findings')
  const differences = element('section', '', element('h3', '', 'Answers that differ'), summary, list)
  const findings = element('section', '', element('h3', '', 'Findings in the document'), lintSummary, lintList)
  let asked = 0
  let shown = ''

  /** @param {import('../store.mjs').State} state */
  async function update({ text, pinned, model, samples, rows }) {
    const key = JSON.stringify([text, pinned, model, samples, rows])
    if (key === shown) return
    shown = key
    showBar()
    findings.hidden = app.authorizer === undefined
    if (app.authorizer === undefined) {
      differences.hidden = false
      summary.textContent = 'The document has problems: mend them to compare.'
      return list.replaceChildren()
    }
    asked += 1
    const now = asked
    // The matrix is drawn first.
    await new Promise((resolve) => setTimeout(resolve))
    const after = await app.openServed(text)
    const before = pinned === null || app.pinned === undefined ? undefined : await app.openServed(pinned)
    if (now !== asked) return
    showFindings(after)
    showDifferences(before, after)
  }

  function showBar() {
    const { pinned, text } = app.state
    bar.replaceChildren(
      ...(pinned === null
        ? [element('p', '', 'Pin the document as it is. Then change it, and see exactly whose access changes.'), button('Pin this document', () => app.set({ pinned: text }), { class: 'primary', disabled: app.authorizer === undefined })]
        : [
            element('p', '', pinned === text ? 'Pinned. Change the document: what differs from here is listed below.' : 'The document is compared with the pinned one.'),
            button('Pin again', () => app.set({ pinned: text }), { disabled: pinned === text || app.authorizer === undefined }),
            button('Go back to it', () => app.set({ text: pinned }), { disabled: pinned === text }),
            button('Unpin', () => app.set({ pinned: null })),
          ]),
    )
  }

  /** @param {any} before @param {any} after */
  function showDifferences(before, after) {
    differences.hidden = app.state.pinned === null
    if (differences.hidden) return
    if (!before) {
      summary.textContent = 'The pinned document has problems, so it cannot be compared.'
      return list.replaceChildren()
    }
    try {
      const entries = before.diff(after)
      const [gained, lost] = ['gained', 'lost'].map((change) => entries.filter((/** @type {any} */ entry) => entry.change === change).length)
      summary.textContent = entries.length === 0 ? 'No answer changes.' : `${counted(entries.length, 'difference')}: ${gained} gained, ${lost} lost${entries.length > gained + lost ? ', and changes of the vocabulary' : ''}.`
      list.replaceChildren(...entries.slice(0, LISTED).map(entryItem), ...(entries.length > LISTED ? [element('li', 'quiet', `and ${entries.length - LISTED} more`)] : []))
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error
      showCells(error)
    }
  }

  /** What differs for the users of both documents and the resources of the matrix, in a model that lists no more. @param {LatchworkError} reason */
  function showCells(reason) {
    const { authorizer, pinned, pinnedValue, state } = app
    const actions = state.samples.map(() => authorizer.vocabulary().actions)
    const present = rowsOf(app)
    const removed = usersOf(pinnedValue).filter(({ subject }) => !present.some((row) => row.subject === subject && row.within === undefined))
    const changed = [...present, ...removed].flatMap((row) => {
      const [before, after] = [pinned, authorizer].map((each) => answersOf(each, row, state.samples, actions))
      return after.flatMap((list, sample) => list.flatMap((answer, action) => {
        const old = before[sample][action]
        return 'allow' in old && 'allow' in answer && old.allow !== answer.allow ? [{ row, sample: state.samples[sample], action: actions[sample][action], change: answer.allow ? 'gained' : 'lost' }] : []
      }))
    })
    const scope = reason.code === 'unsupported' ? 'Compared are all users and actions on the resources of the table above. A complete list is only for documents of `rbac`.' : reason.message
    summary.replaceChildren(...prose(`${counted(changed.length, 'answer')} ${changed.length === 1 ? 'differs' : 'differ'}. ${scope}`))
    list.replaceChildren(...changed.map(({ row, sample, action, change }) => element('li', '', badge(change), element('span', 'what', `${nameOf(row, app.value)}: `, element('code', '', action), ' on ', element('code', '', resourceText(sample.resource))), askButton(app, { ...row, ...sample, action }, 'Why'))))
  }

  /** @param {any} entry */
  function entryItem(entry) {
    const mark = (/** @type {string} */ name) => `\`${name}\``
    if (!('pattern' in entry)) return element('li', '', badge('vocabulary'), element('span', 'what', ...prose(vocabularyText(entry, mark))))
    const { change, actions, when, example } = entry
    return element(
      'li',
      '',
      badge(change),
      element('span', 'what', ...prose(`${holdersText(entry, mark)}: ${actions.map(mark).join(', ')} on ${resourcesText(entry, mark)}`), ...(when === undefined ? [] : [element('span', 'when', 'if ', ...prose(conditionText(when)))])),
      askButton(app, { subject: null, ...example }, 'Example'),
    )
  }

  /** @param {any} authorizer */
  function showFindings(authorizer) {
    try {
      const found = authorizer.lint()
      lintSummary.textContent = found.length === 0 ? 'None.' : `${counted(found.length, 'finding')}.`
      lintList.replaceChildren(...found.map((/** @type {any} */ { path, code, message }) => element('li', '', placeButton(app, path), element('span', '', ...prose(message), ' ', element('code', 'quiet', code)))))
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error
      lintSummary.replaceChildren(...prose('Only documents of `rbac` have findings. Problems in the records of a product are shown below the editor.'))
      lintList.replaceChildren()
    }
  }

  return { element: element('div', 'what-if', bar, differences, findings), update }
}

/** @param {string} change */
function badge(change) {
  return element('span', `badge ${{ gained: 'allow', lost: 'deny' }[change] ?? 'warn'}`, change)
}
