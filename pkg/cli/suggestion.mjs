// @ts-check
// What was probably meant by a word that is not known.

/** How many letters may be wrong. */
const DISTANCE_MAX = 2

/**
 * A question that names the known word which is most like this one; empty if none is.
 * @param {string} word @param {readonly string[]} known @param {string} [prefix] shown before the suggested word
 */
export function suggestion(word, known, prefix = '') {
  const [best] = known
    .map((name) => ({ name, distance: name.startsWith(word) && word.length > 1 ? 0 : distance(word.toLowerCase(), name) }))
    .filter(({ name, distance }) => distance <= Math.min(DISTANCE_MAX, name.length - 2))
    .sort((one, other) => one.distance - other.distance)
  return best ? `: did you mean \`${prefix}${best.name}\`?` : ''
}

/** How many letters have to be changed, added or left out. @param {string} from @param {string} to */
function distance(from, to) {
  if (Math.abs(from.length - to.length) > DISTANCE_MAX) return Infinity
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const letter of from) {
    const next = [row[0] + 1]
    for (let at = 0; at < to.length; at += 1) next.push(Math.min(row[at] + (letter === to[at] ? 0 : 1), row[at + 1] + 1, next[at] + 1))
    row = next
  }
  return row[to.length]
}
