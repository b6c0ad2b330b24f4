// @ts-check
// The functions that a WebAssembly module exports with their types, read from its bytes.

export const EXTERNREF = 0x6f
const FUNCTION_TYPE = 0x60
const SECTIONS = { types: 1, imports: 2, functions: 3, exports: 7 }

/** Reads a wasm module as far as its functions' types go. */
class Reader {
  at = 8
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes
  }

  byte() {
    return this.bytes[this.at++]
  }

  /** An unsigned LEB128. */
  number() {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
  }

  text() {
    const length = this.number()
    return new TextDecoder().decode(this.bytes.subarray(this.at, (this.at += length)))
  }

  /** @template T @param {() => T} read @returns {T[]} */
  list(read) {
    return Array.from({ length: this.number() }, read)
  }

  valueType() {
    const type = this.byte()
    // A typed reference has its heap type: one byte, or the number of a type.
    if (type === 0x63 || type === 0x64) return this.number()
    return type
  }

  limits() {
    const flags = this.number()
    this.number()
    if (flags & 1) this.number()
  }

  functionType() {
    if (this.byte() !== FUNCTION_TYPE) throw new Error('a type that is not a function')
    return { takes: this.list(() => this.valueType()), returns: this.list(() => this.valueType()) }
  }

  /** The number of the type of an imported function, else undefined. */
  import() {
    this.text()
    this.text()
    switch (this.byte()) {
      case 0:
        return this.number()
      case 1:
        this.valueType()
        return void this.limits()
      case 2:
        return void this.limits()
      case 3:
        this.valueType()
        return void this.byte()
      default:
        throw new Error('an import of an unknown kind')
    }
  }

  export() {
    return { name: this.text(), kind: this.byte(), index: this.number() }
  }
}

/**
 * The functions that a module exports, each with the type that it returns.
 * @param {Uint8Array} bytes
 */
export function exportedFunctions(bytes) {
  const reader = new Reader(bytes)
  /** @type {{ takes: number[], returns: number[] }[]} */
  let types = []
  /** @type {number[]} */
  let functions = []
  /** @type {{ name: string, kind: number, index: number }[]} */
  let exports = []
  while (reader.at < bytes.length) {
    const section = reader.byte()
    const end = reader.number() + reader.at
    if (section === SECTIONS.types) types = reader.list(() => reader.functionType())
    if (section === SECTIONS.imports) functions = reader.list(() => reader.import()).filter((type) => type !== undefined)
    if (section === SECTIONS.functions) functions = [...functions, ...reader.list(() => reader.number())]
    if (section === SECTIONS.exports) exports = reader.list(() => reader.export())
    reader.at = end
  }
  return exports.filter(({ kind }) => kind === 0).map(({ name, index }) => ({ name, ...types[functions[index]] }))
}
