// @ts-check
// CodeMirror: JSON in color, problems at their lines, completion by the model's schema. It lives in a shadow root, whose
// style sheets are made by script, so that the page needs no inline styles.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { completeBySchema } from './schema.mjs'

const colors = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--code-name)' },
  { tag: tags.string, color: 'var(--code-text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-value)' },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: 'var(--quiet)' },
])

const theme = EditorView.theme({
  '&': { height: '100%', fontSize: 'var(--code-size)', color: 'var(--text)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '0.5rem 0' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--faint)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'var(--line-active)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--selection)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--line-active)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--selection)', outline: 'none' },
  '.cm-pointed': { backgroundColor: 'var(--pointed)', boxShadow: 'inset 3px 0 var(--pointed-edge)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--edge)', borderRadius: '6px', boxShadow: 'var(--shadow)' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-completionInfo': { maxWidth: '22rem', padding: '0.5rem 0.75rem', fontFamily: 'var(--sans)' },
  // Those of the library are images inside of the style sheet, which the page's policy does not load.
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--deny)', textUnderlineOffset: '3px' },
  '.cm-lint-marker': { width: '0.6em', height: '0.6em', margin: '0.45em 0.1em' },
  '.cm-lint-marker-error': { content: 'normal', backgroundColor: 'var(--deny)', borderRadius: '50%' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--deny)' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)', borderColor: 'var(--edge)' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--line-active)', border: 'none', color: 'var(--quiet)', padding: '0 0.4em' },
})

/** @type {import('@codemirror/state').StateEffectType<readonly { start: number, end: number }[]>} */
const setPointed = StateEffect.define()

/** The lines of the places that a view points to. */
const pointed = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setPointed)) return linesOf(transaction.state, effect.value)
    return marks.map(transaction.changes)
  },
  provide: (field) => EditorView.decorations.from(field),
})

/** @param {EditorState} state @param {readonly { start: number, end: number }[]} places */
function linesOf(state, places) {
  const line = Decoration.line({ class: 'cm-pointed' })
  const starts = new Set()
  for (const { start, end } of places) {
    const last = state.doc.lineAt(Math.min(end, state.doc.length)).number
    for (let number = state.doc.lineAt(Math.min(start, state.doc.length)).number; number <= last; number += 1) starts.add(state.doc.line(number).from)
  }
  return Decoration.set([...starts].sort((one, other) => one - other).map((from) => line.range(from)))
}

/**
 * @param {HTMLElement} place
 * @param {string} text
 * @param {() => void} onInput
 * @param {() => string} model
 * @param {boolean} focus
 * @returns {import('./index.mjs').Editing}
 */
export function createEditing(place, text, onInput, model, focus) {
  const host = document.createElement('div')
  host.className = 'codemirror'
  const root = host.attachShadow({ mode: 'open' })
  let isSetting = false
  const extensions = [
    lineNumbers(),
    lintGutter(),
    foldGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ override: [(context) => completeBySchema(context, model())] }),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    json(),
    EditorView.lineWrapping,
    syntaxHighlighting(colors),
    theme,
    pointed,
    // Escape, then Tab, leaves the editor.
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
    EditorView.contentAttributes.of({ 'aria-label': 'Document', 'aria-description': 'Press Escape, then Tab, to leave the editor', tabindex: '0' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !isSetting) onInput()
    }),
  ]
  const view = new EditorView({ root, parent: root, state: EditorState.create({ doc: text, extensions }) })
  place.replaceChildren(host)
  if (focus) view.focus()
  const within = (/** @type {number} */ at) => Math.min(at, view.state.doc.length)
  return {
    setText(text) {
      isSetting = true
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
      isSetting = false
    },
    text: () => view.state.doc.toString(),
    showProblems(problems) {
      const diagnostics = problems.map(({ start, end, message, code }) => ({ from: within(start), to: within(Math.max(end, start)), severity: /** @type {const} */ ('error'), message: `${message} (${code})` }))
      view.dispatch(setDiagnostics(view.state, diagnostics))
    },
    highlight(places, scroll) {
      view.dispatch({ effects: setPointed.of(places) })
      // Scrolls the editor alone: CodeMirror's own effect scrolls the page too.
      const center = () => {
        const { top, height } = view.lineBlockAt(within(places[0].start))
        return top - (view.scrollDOM.clientHeight - height) / 2
      }
      if (scroll) view.requestMeasure({ read: center, write: (top) => void (view.scrollDOM.scrollTop = top) })
    },
    select({ start, end }) {
      view.dispatch({ selection: { anchor: within(start), head: within(end) }, scrollIntoView: true })
      view.focus()
    },
  }
}
