// @ts-check
// The button for light and dark.

import { h } from './element.mjs'

const KEY = 'latchwork-theme'

export function themeButton() {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const root = document.documentElement
  const isDark = () => (root.dataset.theme === undefined ? dark.matches : root.dataset.theme === 'dark')
  const made = h('button', { type: 'button', class: 'icon theme', onclick: toggle })

  function toggle() {
    root.dataset.theme = isDark() ? 'light' : 'dark'
    try {
      localStorage.setItem(KEY, root.dataset.theme)
    } catch {
      // Without storage, the choice holds until the page is closed.
    }
    show()
  }

  function show() {
    made.textContent = isDark() ? '☀' : '☾'
    made.setAttribute('aria-label', isDark() ? 'Use the light theme' : 'Use the dark theme')
    made.title = isDark() ? 'Use the light theme' : 'Use the dark theme'
  }

  dark.addEventListener('change', show)
  show()
  return made
}
