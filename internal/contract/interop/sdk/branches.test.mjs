import assert from 'node:assert/strict';
import test from 'node:test';
import { admin, answered, createProject, names, refused } from './neon.mjs';

test('createProjectBranch with a compute, then getProjectBranch', async () => {
  const { project: { id }, branch: main } = await createProject();
  const created = await answered(201, admin.createProjectBranch(id, {
    branch: { name: 'dev', parent_id: main.id }, endpoints: [{ type: 'read_write' }], annotation_value: { ticket: '42' },
  }));
  assert.equal(created.branch.parent_id, main.id);
  assert.equal(created.endpoints[0].branch_id, created.branch.id);
  assert.ok(created.connection_uris[0].connection_uri.includes(created.endpoints[0].host));
  const { branch, annotation } = await answered(200, admin.getProjectBranch(id, created.branch.id));
  assert.equal(branch.name, 'dev');
  assert.equal(branch.current_state, 'ready');
  assert.equal(annotation.value.ticket, '42');
});

test('a branch without a name or a compute', async () => {
  const { project: { id } } = await createProject();
  const { branch, endpoints } = await answered(201, admin.createProjectBranch(id));
  assert.ok(branch.name);
  assert.deepEqual(endpoints, []);
});

test('listProjectBranches and countProjectBranches', async () => {
  const { project: { id: projectId } } = await createProject();
  for (const name of ['feature-one', 'feature-two']) {
    await admin.createProjectBranch(projectId, { branch: { name } });
  }
  const { branches } = await answered(200, admin.listProjectBranches({ projectId }));
  assert.deepEqual(names(branches), ['feature-one', 'feature-two', 'main']);
  const query = { projectId, sort_by: 'name', sort_order: 'asc', limit: 2 };
  const first = await answered(200, admin.listProjectBranches(query));
  assert.deepEqual(first.branches.map(({ name }) => name), ['feature-one', 'feature-two']);
  const second = await answered(200, admin.listProjectBranches({ ...query, cursor: first.pagination.next }));
  assert.deepEqual(names(second.branches), ['main']);
  assert.deepEqual(await answered(200, admin.countProjectBranches({ projectId, search: 'feature' })), { count: 2 });
});

test('updateProjectBranch renames and protects', async () => {
  const { project: { id } } = await createProject();
  const { branch } = await answered(201, admin.createProjectBranch(id, { branch: { name: 'old' } }));
  const updated = await answered(200, admin.updateProjectBranch(id, branch.id, { branch: { name: 'new', protected: true } }));
  assert.equal(updated.branch.name, 'new');
  assert.equal(updated.branch.protected, true);
  await assert.rejects(admin.deleteProjectBranch({ projectId: id, branchId: branch.id }), ({ response }) => response.status >= 400 && response.status < 500);
});

test('setDefaultProjectBranch and deleteProjectBranch', async () => {
  const { project: { id }, branch: main } = await createProject();
  const { branch } = await answered(201, admin.createProjectBranch(id, { branch: { name: 'next' } }));
  assert.equal((await answered(200, admin.setDefaultProjectBranch(id, branch.id))).branch.default, true);
  assert.equal((await answered(200, admin.getProjectBranch(id, main.id))).branch.default, false);
  const { branch: leaf } = await answered(201, admin.createProjectBranch(id, { branch: { name: 'leaf' } }));
  assert.equal((await answered(200, admin.deleteProjectBranch({ projectId: id, branchId: leaf.id }))).branch.name, 'leaf');
  await refused(404, /branch not found/, admin.getProjectBranch(id, leaf.id));
});
