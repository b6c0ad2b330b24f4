declare module 'virtual:models' {
  /** A model of the list, with the parts of the package that the page loads. */
  export interface ListedModel {
    name: string;
    title: string;
    /** The entry for pages, before `init()`. */
    load(): Promise<any>;
    /** The documented cases. */
    cases(): Promise<any>;
    /** The JSON Schema of the records. */
    schema(): Promise<any>;
    /** The address of the WebAssembly file. */
    moduleUrl(): Promise<string>;
  }
  export const MODELS: ListedModel[];
}
