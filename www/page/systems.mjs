// @ts-check
// The systems of the page. Their examples are the cases that every runtime is tested with; each file is loaded
// when its system is chosen.

/** @type {{ name: string, title: string, load: () => Promise<{ default: any }> }[]} */
export const SYSTEMS = [
  { name: 'rbac', title: 'Your own roles', load: () => import('../../tests/cases/rbac/documented.json') },
  { name: 'antmedia', title: 'Ant Media Server', load: () => import('../../tests/cases/antmedia/documented.json') },
  { name: 'arangodb', title: 'ArangoDB', load: () => import('../../tests/cases/arangodb/documented.json') },
  { name: 'meuse', title: 'Meuse', load: () => import('../../tests/cases/meuse/documented.json') },
  { name: 'tyk', title: 'Tyk Dashboard', load: () => import('../../tests/cases/tyk/documented.json') },
  { name: 'wso2', title: 'WSO2 Carbon', load: () => import('../../tests/cases/wso2/documented.json') },
]
