/**
 * How the values of a column are compared. In PostgreSQL `json` is `jsonb` or `json`, and lists are arrays; in SQLite both
 * are JSON text. `uuid` is for PostgreSQL.
 */
export type ColumnType = 'text' | 'uuid' | 'integer' | 'double' | 'boolean' | 'json' | 'text[]' | 'integer[]' | 'double[]' | 'boolean[]';

/** A column of the database. `C` is the type of its name. */
export interface Column<C = string | readonly string[]> {
  /** The name, with those of table and schema in front of dots if needed (`t.owner`), or as a list (`['t', 'owner']`). */
  column: C;
  /** The default is `text`. */
  type?: ColumnType | undefined;
  /** For `json`: the members' names that lead to the value. */
  path?: readonly string[] | undefined;
  /**
   * For a part of the path: each value in the column is a valid part (of the type, not NULL, not empty, without `/`), so
   * no condition is needed. Guarantee it with NOT NULL and CHECK.
   */
  valid?: boolean | undefined;
  /**
   * How the database compares the column by itself. PostgreSQL: `deterministic` (default) or `nondeterministic`. SQLite:
   * `binary` (default), `nocase`, `rtrim` or `custom`. A column that does not compare bytes gets a collation that does.
   */
  collation?: 'deterministic' | 'nondeterministic' | 'binary' | 'nocase' | 'rtrim' | 'custom' | undefined;
}

/** A part of the path that is the same for all rows and has no column: for example the tenant, if each has its own database. */
export interface Constant {
  value: string | number;
}

/**
 * The column of each attribute, by its name in the filter (`resource.owner`). A string is the name of a text column. A `json`
 * column of `resource.meta` is also that of `resource.meta.owner`.
 */
export interface Columns<C = string | readonly string[]> {
  readonly [ref: `${'resource' | 'attributes'}.${string}`]: string | Column<C> | Constant;
}
