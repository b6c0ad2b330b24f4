// @ts-check
// Where the documents that explanations cite can be read.

/** Addresses by the beginning of a document's name. @type {readonly [string, string][]} */
const PLACES = [
  ['latchwork: rbac', './docs/models/rbac.txt'],
  ['Ant Media Server User Management', 'https://docs.antmedia.io/'],
  ['AuthenticationFilter.java', 'https://github.com/ant-media/ManagementConsole'],
  ['RestServiceV2.java', 'https://github.com/ant-media/ManagementConsole'],
  ['ArangoDB server', 'https://github.com/arangodb/arangodb'],
  ['HTTP interface for user management', 'https://docs.arango.ai/arangodb/stable/develop/http-api/users/'],
  ['User and role', 'https://github.com/mcorbin/meuse'],
  ['mcorbin/meuse', 'https://github.com/mcorbin/meuse'],
  ['Create Users', 'https://tyk.io/docs/platform-management/dashboard-users'],
  ['Tyk documentation: User Permissions', 'https://tyk.io/docs/platform-management/user-permissions'],
  ['Tyk documentation: Manage Tyk Dashboard User Groups', 'https://tyk.io/docs/api-management/user-management'],
  ['Tyk', 'https://tyk.io/docs/api-management/user-management'],
  ['WSO2 carbon-kernel', 'https://github.com/wso2/carbon-kernel'],
  ['WSO2 Identity Server documentation', 'https://is.docs.wso2.com/'],
]

/** Documents of one name in two products. @type {Record<string, string>} */
const MANAGING_USERS = { arangodb: 'https://docs.arango.ai/arangodb/stable/operations/administration/user-management/', wso2: 'https://apim.docs.wso2.com/' }

/**
 * The address of a cited document.
 * @param {string} model
 * @param {{ document: string, heading: string }} citation
 * @returns {string | undefined}
 */
export function addressOf(model, { document, heading }) {
  const address = document === 'Managing Users' ? MANAGING_USERS[model] : PLACES.find(([name]) => document.startsWith(name))?.[1]
  return address?.startsWith('./') ? `${address}#:~:text=${encodeURIComponent(heading)}` : address
}
