import assert from 'node:assert/strict';
import test from 'node:test';
import { acme, admin, answered, createProject, dev, owner, refused } from './neon.mjs';

// The month that runs, as far as it has got.
const now = new Date();
const month = (offset) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)).toISOString();
const running = { org_id: acme, from: month(0), to: month(1), granularity: 'monthly' };

test('getConsumptionHistoryPerProjectV2 goes through the pages, newest first', async () => {
  const { project: { id } } = await createProject({ name: 'young' });
  const found = [];
  let cursor;
  for (;;) {
    const page = await answered(200, admin.getConsumptionHistoryPerProjectV2({ ...running, metrics: ['compute_unit_seconds', 'root_branch_bytes_month'], limit: 1, cursor }));
    if (page.projects.length === 0) break;
    found.push(...page.projects.map(({ project_id: project }) => project));
    cursor = page.pagination.cursor;
  }
  assert.equal(found.length, 2);
  assert.equal(found.includes(id), true);
  const one = await answered(200, admin.getConsumptionHistoryPerProjectV2({ ...running, metrics: ['compute_unit_seconds'], project_ids: [id] }));
  assert.deepEqual(one.projects.map(({ project_id: project }) => project), [id]);
});

test('getConsumptionHistoryPerBranchV2', async () => {
  const { project: { id }, branch } = await createProject();
  const { branches } = await answered(200, dev.getConsumptionHistoryPerBranchV2({ ...running, metrics: ['compute_unit_seconds'], project_ids: [id] }));
  assert.deepEqual(branches.map(({ project_id: project, branch_id: found }) => [project, found]), [[id, branch.id]]);
});

test('getConsumptionHistoryPerProject, with legacy metrics', async () => {
  const { project: { id } } = await createProject();
  const { projects } = await answered(200, admin.getConsumptionHistoryPerProject({ ...running, metrics: ['data_storage_bytes_hour'], project_ids: [id] }));
  assert.deepEqual(projects, [{ project_id: id, periods: [] }]);
});

test('getConsumptionHistoryPerAccount is gone from the SDK and is still answered', async () => {
  assert.equal('getConsumptionHistoryPerAccount' in admin, false);
  const { periods } = await answered(200, admin.request({ path: '/consumption_history/account', method: 'GET', query: running, secure: true }));
  assert.deepEqual(periods, []);
});

test('plans, strangers and times of long ago are refused', async () => {
  const query = { ...running, metrics: ['compute_unit_seconds'] };
  await refused(404, /organization not found/, owner.getConsumptionHistoryPerProjectV2(query));
  await refused(403, /only supported on the plans scale/, owner.getConsumptionHistoryPerProject({ ...running, org_id: 'org-customer-bloom-20000001' }));
  await refused(406, /outside the boundaries/, admin.getConsumptionHistoryPerProjectV2({ ...query, granularity: 'hourly', from: month(-2) }));
  await refused(400, /metrics is required/, admin.getConsumptionHistoryPerProjectV2(running));
});
