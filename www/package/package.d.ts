declare module 'virtual:package' {
  /** What the manifest of the package says. */
  export const MANIFEST: { name: string; version: string; homepage?: string; repository?: string | { url: string } };
  /** The packed package beside the page; absent while the page is developed. */
  export const TARBALL: { file: string; bytes: number; integrity: string } | undefined;
}
