import assert from 'node:assert/strict';
import test from 'node:test';
import { acme, admin, answered, bloom, createProject, dev, labs, organization, owner, refused } from './neon.mjs';

const ownerOf = async (client, id) => (await answered(200, client.getProject(id))).project.owner_id;

test('createProjectTransferRequest and acceptProjectTransferRequest hand a project to a customer', async () => {
  const { project: { id }, roles: [role], databases: [database] } = await createProject({ name: 'for-bloom' });
  const query = { projectId: id, database_name: database.name, role_name: role.name };
  const before = await answered(200, admin.getConnectionUri(query));
  const request = await answered(201, admin.createProjectTransferRequest(id, { ttl_seconds: 3600 }));
  assert.equal(request.project_id, id);
  assert.equal(new Date(request.expires_at) - new Date(request.created_at), 3600_000);
  await answered(204, owner.acceptProjectTransferRequest(id, request.id, { org_id: bloom }));
  assert.equal(await ownerOf(owner, id), bloom);
  assert.deepEqual(await answered(200, owner.getConnectionUri(query)), before, 'connection strings stay');
  await refused(404, /project not found/, admin.getProject(id));
  await refused(404, /transfer request not found/, owner.acceptProjectTransferRequest(id, request.id, { org_id: bloom }));
});

test('a claim without an organization goes to the personal account', async () => {
  const { project: { id } } = await createProject({ history_retention_seconds: 3600 });
  const request = await answered(201, admin.createProjectTransferRequest(id, {}));
  await answered(204, owner.acceptProjectTransferRequest(id, request.id, {}));
  const { account_id: person } = await answered(200, owner.getAuthDetails());
  assert.equal(await ownerOf(owner, id), person);
});

test('a claim that the plan does not allow is refused with reasons', async () => {
  const { project: { id } } = await createProject({ history_retention_seconds: 604800 });
  const request = await answered(201, admin.createProjectTransferRequest(id, {}));
  await assert.rejects(owner.acceptProjectTransferRequest(id, request.id, {}), ({ response }) => {
    assert.equal(response.status, 406);
    assert.deepEqual(response.data.reasons.map(({ code }) => code), ['history_retention_seconds']);
    return true;
  });
  assert.equal(await ownerOf(admin, id), acme);
});

test('only an admin may hand a project over', async () => {
  const { project: { id } } = await createProject();
  await refused(403, /only an admin/, dev.createProjectTransferRequest(id, {}));
});

test('transferProjectsFromOrgToOrg', async () => {
  const { project: { id } } = await createProject();
  const move = { destination_org_id: labs, project_ids: [id] };
  await refused(404, /not allowed for organization API keys/, organization.transferProjectsFromOrgToOrg(acme, move));
  await answered(200, admin.transferProjectsFromOrgToOrg(acme, move));
  assert.equal(await ownerOf(admin, id), labs);
  await refused(404, /project not found/, admin.transferProjectsFromOrgToOrg(acme, move));
});

test('transferProjectsFromOrgToOrg names the projects with integrations', async () => {
  const { projects: [{ id }] } = await answered(200, admin.listProjects({ org_id: acme, search: 'on-vercel' }));
  await assert.rejects(admin.transferProjectsFromOrgToOrg(acme, { destination_org_id: labs, project_ids: [id] }), ({ response }) => {
    assert.equal(response.status, 422);
    assert.deepEqual(response.data, { projects: [{ id, integration: 'vercel' }] });
    return true;
  });
});

test('transferProjectsFromUserToOrg', async () => {
  const { project: { id, owner_id: person } } = await createProject({ org_id: undefined });
  assert.equal(person, (await answered(200, admin.getAuthDetails())).account_id);
  await answered(200, admin.transferProjectsFromUserToOrg({ destination_org_id: acme, project_ids: [id] }));
  assert.equal(await ownerOf(admin, id), acme);
});
