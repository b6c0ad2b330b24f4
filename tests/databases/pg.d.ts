// The part of `pg` that the tests use: it has no types of its own.
declare module 'pg' {
  export class Client {
    constructor(options: { host: string; port: number; user: string; database: string });
    connect(): Promise<void>;
    query(text: string, values?: unknown[]): Promise<{ rows: any[] }>;
    end(): Promise<void>;
  }
  const pg: { Client: typeof Client };
  export default pg;
}
