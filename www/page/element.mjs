// @ts-check
// Elements with their attributes and children.

/**
 * An element with a class. Data becomes text, never markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {...(Node | string)} children
 */
export function element(tag, className, ...children) {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.append(...children)
  return made
}

/** What an element is made with: attributes, and functions for events by `onclick` and the like. @typedef {{ [name: string]: string | number | boolean | null | undefined | ((event: any) => unknown) }} Attributes */

/**
 * An element with attributes. `true` sets an attribute without a value; `false`, `null` and `undefined` leave it out; a
 * function listens to the event that its name says.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {...(Node | string)} children
 */
export function h(tag, attributes, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.replace(/^on/, ''), value)
    else if (value === true) made.setAttribute(name, '')
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value))
  }
  made.append(...children)
  return made
}

/**
 * A button that does something on this page.
 * @param {string} label
 * @param {(event: MouseEvent) => unknown} onclick
 * @param {Attributes} [attributes]
 */
export function button(label, onclick, attributes = {}) {
  return h('button', { type: 'button', ...attributes, onclick }, label)
}

/** A field with its label above. @param {string} label @param {HTMLElement} control @param {string} [className] */
export function field(label, control, className = '') {
  return element('label', `field ${className}`.trim(), element('span', 'label', label), control)
}

/** `1 answer`, `2 answers`. @param {number} count @param {string} noun @param {string} [plural] */
export function counted(count, noun, plural = `${noun}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`
}
