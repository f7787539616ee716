import assert from 'node:assert/strict';
import test from 'node:test';
import { acme, admin, answered, labs, organization, refused, stranger } from './neon.mjs';

test('getAuthDetails tells the kinds of keys apart', async () => {
  const person = await answered(200, admin.getAuthDetails());
  assert.equal(person.auth_method, 'api_key_user');
  assert.deepEqual(await answered(200, organization.getAuthDetails()), { account_id: acme, auth_method: 'api_key_org' });
});

test('a wrong key is refused', () => refused(401, /supplied credentials do not pass authentication/, stranger.getAuthDetails()));

test('getCurrentUserInfo', async () => {
  const me = await answered(200, admin.getCurrentUserInfo());
  const { account_id: id } = await answered(200, admin.getAuthDetails());
  assert.equal(me.id, id);
  assert.equal(me.email, 'admin@partner.test');
  await refused(404, /not allowed for organization API keys/, organization.getCurrentUserInfo());
});

test('getCurrentUserOrganizations and getOrganization', async () => {
  const { organizations } = await answered(200, admin.getCurrentUserOrganizations());
  assert.deepEqual(organizations.map(({ id }) => id).sort(), [acme, labs]);
  const found = await answered(200, admin.getOrganization(acme));
  assert.deepEqual(found, organizations.find(({ id }) => id === acme));
  assert.equal(found.plan, 'scale');
  await refused(404, /organization not found/, admin.getOrganization('org-nobody-1'));
});

test('getActiveRegions', async () => {
  const { regions } = await answered(200, admin.getActiveRegions({}));
  assert.equal(regions.filter((region) => region.default).length, 1);
  assert.deepEqual(await answered(200, admin.getActiveRegions({ org_id: acme })), { regions });
});

test('createApiKey, listApiKeys and revokeApiKey', async () => {
  const created = await answered(200, admin.createApiKey({ key_name: 'ci' }));
  assert.match(created.key, /^napi_/);
  const listed = (await answered(200, admin.listApiKeys())).find(({ id }) => id === created.id);
  assert.equal(listed.name, 'ci');
  assert.equal('key' in listed, false, 'a key is shown once');
  const revoked = await answered(200, admin.revokeApiKey(created.id));
  assert.equal(revoked.revoked, true);
  assert.equal((await answered(200, admin.listApiKeys())).some(({ id }) => id === created.id), false);
});
