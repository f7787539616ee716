import assert from 'node:assert/strict';
import test from 'node:test';
import { createApiClient } from '@neondatabase/api-client';
import { acme, admin, answered, createProject, dev, labs, organization, owner, refused } from './neon.mjs';

const withKey = (apiKey) => createApiClient({ apiKey, baseURL: process.env.NEON_API_HOST });

test('grantPermissionToProject, listProjectPermissions and revokePermissionFromProject', async () => {
  const { project: { id } } = await createProject();
  await refused(404, /project not found/, owner.getProject(id));
  const granted = await answered(200, admin.grantPermissionToProject(id, { email: 'owner@customer.test' }));
  assert.equal(granted.granted_to_email, 'owner@customer.test');
  await answered(200, owner.getProject(id));
  const { project_permissions: guests } = await answered(200, organization.listProjectPermissions(id));
  assert.deepEqual(guests, [granted]);
  const revoked = await answered(200, admin.revokePermissionFromProject(id, granted.id));
  assert.equal(revoked.id, granted.id);
  assert.ok(revoked.revoked_at);
  await refused(404, /project not found/, owner.getProject(id));
});

test('createOrgApiKey, listOrgApiKeys and revokeOrgApiKey', async () => {
  const created = await answered(200, admin.createOrgApiKey(acme, { key_name: 'ci' }));
  const ci = withKey(created.key);
  assert.deepEqual(await answered(200, ci.getAuthDetails()), { account_id: acme, auth_method: 'api_key_org' });
  const listed = (await answered(200, ci.listOrgApiKeys(acme))).find(({ id }) => id === created.id);
  assert.equal(listed.created_by.id, created.created_by);
  assert.equal('key' in listed, false, 'a key is shown once');
  assert.equal((await answered(200, admin.revokeOrgApiKey(acme, created.id))).revoked, true);
  await refused(401, /supplied credentials/, ci.getAuthDetails());
  await refused(404, /not allowed for organization API keys/, organization.createOrgApiKey(acme, { key_name: 'ci' }));
  await refused(403, /only an admin/, dev.createOrgApiKey(acme, { key_name: 'ci' }));
});

test('a key of one project', async () => {
  const { project: { id } } = await createProject();
  const { project: { id: other } } = await createProject();
  const created = await answered(200, admin.createOrgApiKey(acme, { key_name: 'shop', project_id: id }));
  assert.equal(created.project_id, id);
  const shop = withKey(created.key);
  await answered(200, shop.getProject(id));
  await refused(404, /scoped to/, shop.getProject(other));
});

test('setOrganizationSpendingLimit, getOrganizationSpendingLimit and deleteOrganizationSpendingLimit', async () => {
  const limit = async () => (await answered(200, dev.getOrganizationSpendingLimit(labs))).spending_limit_cents;
  assert.equal(await limit(), null);
  await answered(200, admin.setOrganizationSpendingLimit(labs, { spending_limit_cents: 5000 }));
  assert.equal(await limit(), 5000);
  await answered(200, admin.deleteOrganizationSpendingLimit(labs));
  await answered(200, admin.deleteOrganizationSpendingLimit(labs));
  assert.equal(await limit(), null);
  await refused(403, /only an admin/, dev.deleteOrganizationSpendingLimit(labs));
});
