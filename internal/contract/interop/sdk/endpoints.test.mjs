import assert from 'node:assert/strict';
import test from 'node:test';
import { admin, answered, createProject, refused } from './neon.mjs';

const withBareBranch = async () => {
  const { project: { id }, endpoints: [main] } = await createProject();
  const { branch } = await answered(201, admin.createProjectBranch(id, { branch: { name: 'bare' } }));
  return { id, main, branch };
};

test('createProjectEndpoint, listProjectEndpoints and listProjectBranchEndpoints', async () => {
  const { id, main, branch } = await withBareBranch();
  const { endpoint } = await answered(201, admin.createProjectEndpoint(id, {
    endpoint: { branch_id: branch.id, type: 'read_write', autoscaling_limit_min_cu: 1, autoscaling_limit_max_cu: 2 },
  }));
  assert.equal(endpoint.autoscaling_limit_max_cu, 2);
  const all = await answered(200, admin.listProjectEndpoints(id));
  assert.deepEqual(all.endpoints.map((each) => each.id).sort(), [main.id, endpoint.id].sort());
  const own = await answered(200, admin.listProjectBranchEndpoints(id, branch.id));
  assert.deepEqual(own.endpoints.map((each) => each.id), [endpoint.id]);
  const second = { endpoint: { branch_id: branch.id, type: 'read_write' } };
  await refused(409, /read-write endpoint/, admin.createProjectEndpoint(id, second));
});

test('getProjectEndpoint and updateProjectEndpoint', async () => {
  const { id, main } = await withBareBranch();
  await answered(200, admin.updateProjectEndpoint(id, main.id, { endpoint: { suspend_timeout_seconds: 600 } }));
  const { endpoint } = await answered(200, admin.getProjectEndpoint(id, main.id));
  assert.equal(endpoint.suspend_timeout_seconds, 600);
  assert.equal(endpoint.host, main.host);
});

test('suspendProjectEndpoint, startProjectEndpoint and restartProjectEndpoint', async () => {
  const { id, main } = await withBareBranch();
  const state = async () => (await answered(200, admin.getProjectEndpoint(id, main.id))).endpoint.current_state;
  assert.equal(await state(), 'active');
  await answered(200, admin.suspendProjectEndpoint(id, main.id));
  assert.equal(await state(), 'idle');
  await answered(200, admin.startProjectEndpoint(id, main.id));
  assert.equal(await state(), 'active');
  const { operations } = await answered(200, admin.restartProjectEndpoint(id, main.id));
  assert.ok(operations.length > 0);
  assert.equal(await state(), 'active');
});

test('deleteProjectEndpoint', async () => {
  const { id, main } = await withBareBranch();
  assert.equal((await answered(200, admin.deleteProjectEndpoint(id, main.id))).endpoint.id, main.id);
  await refused(404, /endpoint not found/, admin.getProjectEndpoint(id, main.id));
});
