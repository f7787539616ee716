import assert from 'node:assert/strict';
import test from 'node:test';
import { admin, answered, createProject, names, refused } from './neon.mjs';

test('createProjectBranchDatabase, listProjectBranchDatabases and getProjectBranchDatabase', async () => {
  const { project: { id }, branch, roles: [role], databases: [first] } = await createProject();
  const { database } = await answered(201, admin.createProjectBranchDatabase(id, branch.id, { database: { name: 'app', owner_name: role.name } }));
  assert.equal(database.owner_name, role.name);
  const { databases } = await answered(200, admin.listProjectBranchDatabases(id, branch.id));
  assert.deepEqual(names(databases), ['app', first.name].sort());
  assert.deepEqual((await answered(200, admin.getProjectBranchDatabase(id, branch.id, 'app'))).database, database);
  await refused(409, /database already exists/, admin.createProjectBranchDatabase(id, branch.id, { database: { name: 'app', owner_name: role.name } }));
});

test('updateProjectBranchDatabase and deleteProjectBranchDatabase', async () => {
  const { project: { id }, branch, databases: [first] } = await createProject();
  await answered(201, admin.createProjectBranchRole(id, branch.id, { role: { name: 'keeper' } }));
  const { database } = await answered(200, admin.updateProjectBranchDatabase(id, branch.id, first.name, { database: { name: 'renamed', owner_name: 'keeper' } }));
  assert.equal(database.name, 'renamed');
  assert.equal(database.owner_name, 'keeper');
  assert.equal((await answered(200, admin.deleteProjectBranchDatabase(id, branch.id, 'renamed'))).database.name, 'renamed');
  await answered(204, admin.deleteProjectBranchDatabase(id, branch.id, 'renamed'));
  await refused(404, /database not found/, admin.getProjectBranchDatabase(id, branch.id, 'renamed'));
});
