/** An entry of a store. */
export interface Entry {
  key: string;
  value: string;
  /** Positive. A store never gives the same version to a key twice, also after the key was deleted and created again. */
  version: number;
}

/** One change of a commit. */
export interface Change {
  key: string;
  /** The version that was read; `null` if the entry was missing. */
  expect: number | null;
  /** The text to store, or `null` to delete the entry. If it is omitted, only the version is checked. */
  value?: string | null;
}

/**
 * A key-value store for text with sorted keys and compare-and-swap.
 *
 * Keys are sorted by their UTF-8 bytes. A key has at most 16 KiB of UTF-8, a value 1 MiB, a call 1,000,000 items.
 *
 * Every method rejects with a `LatchworkError`: `store_unavailable` if the store cannot be reached, is busy for too long
 * or returns invalid data. After a commit rejects with it, either all or none of its changes are stored: read the entries
 * again. Invalid arguments (`wrong_type`, `out_of_range`, `malformed_string`, `too_large`, `duplicate_key`) change
 * nothing.
 */
export interface Store {
  /** The entries of these keys, in the same order, `null` for missing ones, as one consistent snapshot. */
  read(keys: readonly string[]): Promise<(Entry | null)[]>;
  /** Entries whose keys start with `prefix` and come after `after`, sorted, at most `limit`, as one consistent snapshot. */
  scan(prefix: string, after: string | null, limit: number): Promise<Entry[]>;
  /** Stores all changes if all expected versions match. Otherwise it changes nothing, and returns `false`. */
  commit(changes: readonly Change[]): Promise<boolean>;
  /** Closes connections and files; later calls reject with `disposed`. */
  close?(): void | Promise<void>;
}
