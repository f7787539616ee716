import assert from 'node:assert/strict';
import test from 'node:test';
import { acme, admin, answered, createProject, dev, names, organization, refused } from './neon.mjs';

test('createProject with everything set', async () => {
  const created = await createProject({
    name: 'shop', region_id: 'aws-eu-central-1', pg_version: 16, history_retention_seconds: 3600,
    branch: { name: 'trunk', role_name: 'clerk', database_name: 'goods' },
    default_endpoint_settings: { autoscaling_limit_min_cu: 0.5, autoscaling_limit_max_cu: 2 },
    settings: { allowed_ips: { ips: ['192.0.2.0/24'], protected_branches_only: false } },
  });
  assert.equal(created.project.org_id, acme);
  assert.equal(created.project.region_id, 'aws-eu-central-1');
  assert.equal(created.project.pg_version, 16);
  assert.deepEqual(created.project.settings.allowed_ips.ips, ['192.0.2.0/24']);
  assert.equal(created.branch.name, 'trunk');
  assert.deepEqual(names(created.roles), ['clerk']);
  assert.deepEqual(names(created.databases), ['goods']);
  assert.equal(created.endpoints[0].type, 'read_write');
  const uri = new URL(created.connection_uris[0].connection_uri);
  assert.equal(uri.host, created.endpoints[0].host);
  assert.equal(uri.password, created.roles[0].password);
});

test('getProject and updateProject', async () => {
  const { project: { id } } = await createProject({ name: 'before' });
  const updated = await answered(200, admin.updateProject(id, { project: { name: 'after', settings: { block_public_connections: true } } }));
  assert.equal(updated.project.name, 'after');
  const { project } = await answered(200, admin.getProject(id));
  assert.equal(project.name, 'after');
  assert.equal(project.settings.block_public_connections, true);
  assert.equal(project.settings.block_vpc_connections, false);
});

test('listProjects goes through the pages to an empty one', async () => {
  const made = [];
  for (const number of [1, 2, 3]) {
    made.push((await createProject({ name: `paged-${number}` })).project.id);
  }
  const found = [];
  let cursor;
  for (;;) {
    const page = await answered(200, admin.listProjects({ org_id: acme, search: 'paged-', limit: 2, cursor }));
    if (page.projects.length === 0) break;
    found.push(...page.projects.map(({ id }) => id));
    cursor = page.pagination.cursor;
  }
  assert.deepEqual(found.sort(), made.sort());
  const byOrganization = await answered(200, organization.listProjects({ search: 'paged-' }));
  assert.equal(byOrganization.projects.length, 3);
  await refused(400, /org_id is required/, admin.listProjects({}));
});

test('listSharedProjects', async () => {
  const { projects } = await answered(200, dev.listSharedProjects({}));
  assert.deepEqual(names(projects), ['guest-book']);
  assert.deepEqual((await answered(200, admin.listSharedProjects({}))).projects, []);
});

test('deleteProject and recoverProject', async () => {
  const { project: { id } } = await createProject({ name: 'lost' });
  assert.equal((await answered(200, admin.deleteProject(id))).project.id, id);
  await refused(404, /project not found/, admin.getProject(id));
  const { projects: [deleted] } = await answered(200, admin.listProjects({ org_id: acme, recoverable: true, search: 'lost' }));
  assert.equal(deleted.id, id);
  assert.ok(new Date(deleted.recoverable_until) > new Date(deleted.deleted_at));
  assert.equal((await answered(200, admin.recoverProject(id))).project.id, id);
  assert.equal((await answered(200, admin.getProject(id))).project.name, 'lost');
});

test('listProjectOperations and getProjectOperation', async () => {
  const { project: { id }, operations: started } = await createProject();
  const { operations } = await answered(200, admin.listProjectOperations({ projectId: id, limit: 100 }));
  assert.deepEqual(operations.map((operation) => operation.id).sort(), started.map((operation) => operation.id).sort());
  const { operation } = await answered(200, admin.getProjectOperation(id, started[0].id));
  assert.equal(operation.status, 'finished');
  assert.equal(operation.action, started[0].action);
  await refused(404, /operation not found/, admin.getProjectOperation(id, '00000000-0000-4000-8000-000000000000'));
});

test('getConnectionUri, pooled and not', async () => {
  const { project: { id }, roles: [role], databases: [database], endpoints: [endpoint] } = await createProject();
  const query = { projectId: id, database_name: database.name, role_name: role.name };
  const direct = new URL((await answered(200, admin.getConnectionUri(query))).uri);
  assert.equal(direct.host, endpoint.host);
  assert.equal(direct.username, role.name);
  assert.equal(direct.password, role.password);
  assert.equal(direct.pathname, `/${database.name}`);
  const pooled = new URL((await answered(200, admin.getConnectionUri({ ...query, pooled: true }))).uri);
  assert.equal(pooled.host, endpoint.host.replace(endpoint.id, `${endpoint.id}-pooler`));
  await refused(404, /role not found/, admin.getConnectionUri({ ...query, role_name: 'nobody' }));
});

test('unknown projects and ill-formed input are refused', async () => {
  await refused(404, /project not found/, admin.getProject('no-such-project-123456'));
  await refused(400, /label/, admin.createProject({ project: { label: 'x' } }));
});
