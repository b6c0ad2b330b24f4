// @ts-check
// JSON as a person writes it: what is short stands on one line.

const WIDTH = 72

/** @param {unknown} value @param {string} [indent] @returns {string} */
export function jsonText(value, indent = '') {
  const line = oneLine(value)
  if (typeof value !== 'object' || value === null || (indent !== '' && indent.length + line.length <= WIDTH)) return line
  const inner = `${indent}  `
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[\n${value.map((item) => inner + jsonText(item, inner)).join(',\n')}\n${indent}]`
  const members = Object.entries(value)
  return members.length === 0 ? '{}' : `{\n${members.map(([name, member]) => `${inner}${JSON.stringify(name)}: ${jsonText(member, inner)}`).join(',\n')}\n${indent}}`
}

/** JSON on one line, with spaces. @param {unknown} value @returns {string} */
export function oneLine(value) {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${oneLine(member)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}
