import assert from 'node:assert/strict';
import test from 'node:test';
import { admin, answered, createProject, names, refused } from './neon.mjs';

test('createProjectBranchRole, listProjectBranchRoles and getProjectBranchRole', async () => {
  const { project: { id }, branch, roles: [first] } = await createProject();
  const { role } = await answered(201, admin.createProjectBranchRole(id, branch.id, { role: { name: 'app' } }));
  assert.match(role.password, /^npg_/);
  const { roles } = await answered(200, admin.listProjectBranchRoles(id, branch.id));
  assert.deepEqual(names(roles), ['app', first.name].sort());
  const shown = (await answered(200, admin.getProjectBranchRole(id, branch.id, 'app'))).role;
  assert.equal('password' in shown, false, 'a password is shown by reveal_password alone');
  assert.equal(shown.authentication_method, 'password');
});

test('a role that can not log in has no password', async () => {
  const { project: { id }, branch } = await createProject();
  const { role } = await answered(201, admin.createProjectBranchRole(id, branch.id, { role: { name: 'group', no_login: true } }));
  assert.equal(role.password, undefined);
  assert.equal(role.authentication_method, 'no_login');
});

test('getProjectBranchRolePassword and resetProjectBranchRolePassword', async () => {
  const { project: { id }, branch, roles: [role] } = await createProject();
  const reveal = async () => (await answered(200, admin.getProjectBranchRolePassword(id, branch.id, role.name))).password;
  assert.equal(await reveal(), role.password);
  const { role: changed } = await answered(200, admin.resetProjectBranchRolePassword(id, branch.id, role.name));
  assert.notEqual(changed.password, role.password);
  assert.equal(await reveal(), changed.password);
});

test('deleteProjectBranchRole', async () => {
  const { project: { id }, branch } = await createProject();
  await answered(201, admin.createProjectBranchRole(id, branch.id, { role: { name: 'leaver' } }));
  assert.equal((await answered(200, admin.deleteProjectBranchRole(id, branch.id, 'leaver'))).role.name, 'leaver');
  await answered(204, admin.deleteProjectBranchRole(id, branch.id, 'leaver'));
  await refused(404, /role not found/, admin.getProjectBranchRole(id, branch.id, 'leaver'));
});
