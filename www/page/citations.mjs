// @ts-check
// Where the documents that explanations cite can be read.

/** The documentation of the product, or its source, by the beginning of a document's name. @type {readonly [string, string][]} */
const PLACES = [
  ['Ant Media Server User Management', 'https://antmedia.io/docs/get-started/user-management'],
  ['AuthenticationFilter.java', 'https://github.com/ant-media/Ant-Media-Server/blob/HEAD/src/main/java/io/antmedia/console/rest/AuthenticationFilter.java'],
  ['RestServiceV2.java', 'https://github.com/ant-media/Ant-Media-Server/blob/HEAD/src/main/java/io/antmedia/console/rest/RestServiceV2.java'],
  ['HTTP interface for user management', 'https://docs.arango.ai/arangodb/3.12/develop/http-api/users/'],
  ['User and role', 'https://meuse.mcorbin.fr/'],
  ['Create Users', 'https://tyk.io/docs/5.2/basic-config-and-security/security/dashboard/create-users'],
  ['Tyk documentation: Extend Permissions using Open Policy Agent', 'https://tyk.io/docs/platform-management/open-policy-agent'],
  ['Tyk documentation: User Permissions', 'https://tyk.io/docs/platform-management/user-permissions'],
  ['Tyk documentation: Manage Tyk Dashboard User Groups', 'https://tyk.io/docs/api-management/user-management'],
  ['Tyk documentation: Audit Logs', 'https://tyk.io/docs/api-management/logs/audit-logs'],
  ['Tyk documentation: API Ownership', 'https://tyk.io/docs/platform-management/api-ownership'],
  ['Tyk documentation: Tyk Dashboard Configuration Options', 'https://tyk.io/docs/tyk-dashboard/configuration'],
  ['Tyk Dashboard release notes', 'https://tyk.io/docs/developer-support/release-notes/dashboard'],
  ['Tyk Dashboard admin API', 'https://tyk.io/docs/api-reference/users/allow-password-reset-for-a-user'],
  ['Tyk Dashboard API', 'https://tyk.io/docs/tyk-dashboard-api'],
  ['WSO2 carbon-kernel 4.12, org.wso2.carbon.user.core.authorization', 'https://github.com/wso2/carbon-kernel/tree/HEAD/core/org.wso2.carbon.user.core/src/main/java/org/wso2/carbon/user/core/authorization'],
  ['WSO2 carbon-kernel', 'https://github.com/wso2/carbon-kernel/tree/HEAD/core/org.wso2.carbon.user.core/src/main/java/org/wso2/carbon/user/core'],
  ['WSO2 Identity Server documentation', 'https://is.docs.wso2.com/en/5.10.0/learn/user-account-locking-and-account-disabling/'],
]

/** Documents of one name in two products. @type {Record<string, string>} */
const MANAGING_USERS = {
  arangodb: 'https://docs.arango.ai/arangodb/3.12/operations/administration/user-management/',
  wso2: 'https://wso2.com/api-platform/docs/api-manager/3.2.0/administer/managing-users-and-roles/managing-users/',
}

/** The headings that explanations of `rbac` cite, with the anchors in its documentation. @type {Record<string, string>} */
const RBAC = { Decision: 'decisions', Limits: 'limits', 'Who asks': 'questions' }

/**
 * The address of a cited document, or of the rules of its model, which name their sources.
 * @param {string} model
 * @param {{ document: string, heading: string }} citation
 * @returns {string}
 */
export function addressOf(model, { document, heading }) {
  if (document === 'latchwork: rbac') return `./docs/models/rbac.html#${RBAC[heading]}`
  // Citations of these sources name a file.
  if (document.startsWith('mcorbin/meuse')) return `https://github.com/mcorbin/meuse/blob/v1.3.0/${heading}`
  if (document.startsWith('ArangoDB server, ')) return `https://github.com/arangodb/arangodb/blob/3.12/${document.slice('ArangoDB server, '.length)}`
  if (document === 'Managing Users' && MANAGING_USERS[model] !== undefined) return `${MANAGING_USERS[model]}#${anchorOf(heading)}`
  return PLACES.find(([name]) => document.startsWith(name))?.[1] ?? rulesAddress(model)
}

/** The rules of a model in the documentation. @param {string} model */
export const rulesAddress = (model) => `./docs/models/${model}.html#${model === 'rbac' ? 'decisions' : 'rules'}`

/** The anchor of a heading. @param {string} heading */
const anchorOf = (heading) => heading.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-')
