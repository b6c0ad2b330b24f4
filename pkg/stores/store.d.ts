/** What a store keeps under a key. */
export interface Entry {
  key: string;
  value: string;
  /** Positive; this store gives it to this key once only, also when the key is deleted and made again. */
  version: number;
}

/** One line of a commit. */
export interface Change {
  key: string;
  /** The version that was read; `null` when there was nothing. */
  expect: number | null;
  /** Text to put, `null` to delete; left out, the expectation is only checked. */
  value?: string | null;
}

/**
 * Text under ordered keys, changed by compare-and-swap.
 *
 * Keys are ordered by their bytes as UTF-8. A key has at most 16 KiB as UTF-8, a value 1 MiB, a call 100,000 items.
 *
 * Every method rejects with a `LatchworkError`: `store_unavailable` when the store can not be reached, is busy for
 * too long or answers nonsense. A commit that is rejected so was done whole or not at all: read again before you
 * go on. Arguments that break the contract (`wrong_type`, `out_of_range`, `malformed_string`, `too_large`,
 * `duplicate_key`) change nothing.
 */
export interface Store {
  /** The entries of these keys, in their order, `null` where there is none: one consistent snapshot. */
  read(keys: readonly string[]): Promise<(Entry | null)[]>;
  /** Entries whose keys start with `prefix` and come after `after`, in order, at most `limit`: one consistent snapshot. */
  scan(prefix: string, after: string | null, limit: number): Promise<Entry[]>;
  /** Makes all changes if all expectations hold, and none otherwise: then it answers `false`. */
  commit(changes: readonly Change[]): Promise<boolean>;
  /** Gives connections and files back; whatever is asked later is refused with `disposed`. */
  close?(): void | Promise<void>;
}
