// @ts-check
// Who may do what: readers read, writers edit what they wrote, and the terms cannot be edited.

import { open } from 'latchwork/rbac'

export const policy = open({
  actions: { edit: 'write' },
  resources: { article: 'articles/{name}' },
  roles: {
    reader: { grants: { 'articles/*': 'read' } },
    writer: { inherits: ['reader'], grants: { 'articles/*': { allow: 'edit', when: { 'resource.author': { ref: 'subject.id' } } } } },
  },
  everyone: { grants: { 'articles/welcome': 'read' } },
  users: {
    ann: { roles: ['writer'] },
    ben: { roles: ['reader'] },
  },
  limits: { 'articles/terms': 'read' },
})
