// @ts-check
// Where the package, its documentation and its repository are.

/**
 * A manifest names a repository if the package is public. Until then, the registry has nothing to link to.
 * @param {{ name: string, homepage?: string, repository?: string | { url: string } }} manifest
 * @returns {{ name: string, address: string }[]}
 */
export function publicLinks({ name, homepage, repository }) {
  const source = typeof repository === 'string' ? repository : repository?.url
  return [
    ...(source === undefined ? [] : [{ name: 'Repository', address: source.replace(/^git\+|\.git$/g, '') }, { name: 'Package', address: `https://www.npmjs.com/package/${name}` }]),
    ...(homepage === undefined ? [] : [{ name: 'Homepage', address: homepage }]),
  ]
}

/**
 * What a person types to install the package.
 * @param {{ name: string, repository?: unknown }} manifest
 * @param {{ file: string } | undefined} tarball
 */
export function installCommand({ name, repository }, tarball) {
  return `npm install ${repository === undefined && tarball ? `./${tarball.file}` : name}`
}
