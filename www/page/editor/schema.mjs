// @ts-check
// Completion by the model's JSON Schema.

/** @param {import('@codemirror/autocomplete').CompletionContext} _context @param {string} _model @returns {null} */
export function completeBySchema(_context, _model) {
  return null
}
