// @ts-check
// The rows of a part that is not measured for each model: what a part prints, and the table of all such parts.

/**
 * A row. It is missed if its value is above the target, or below it with `atLeast`. `detail` is what the value was computed from.
 * @typedef {{ what: string, value: number, target?: number, atLeast?: boolean, digits?: number, detail?: string }} Row
 */

/** Prints rows for `bench.mjs`, which reads the last line. @param {Row[]} rows */
export function printRows(rows) {
  console.log(JSON.stringify(rows))
}

/** @param {Row} row */
const isMissed = ({ value, target, atLeast = false }) => target !== undefined && (atLeast ? value < target : value > target)

/** The cells of a row. @param {Row} row */
export function cellsOfRow(row) {
  const { what, value, target, atLeast = false, digits = 2, detail = '' } = row
  const shown = value.toFixed(digits)
  return [what, target === undefined ? '' : `${atLeast ? '≥' : '≤'} ${target}`, isMissed(row) ? `**${shown}**` : shown, detail]
}

/** Whole numbers of microseconds with their unit. @param {number} value */
export const microseconds = (value) => `${Math.round(value).toLocaleString('en')} µs`
