import assert from 'node:assert/strict';
import test from 'node:test';
import { acme, admin, answered, bloom, dev, labs, organization, owner, refused } from './neon.mjs';

const notForOrgKeys = /not allowed for organization API keys/;
const members = async (orgId, query = {}) => (await answered(200, admin.getOrganizationMembers({ orgId, ...query }))).members;
const memberOf = async (orgId, email) => (await members(orgId)).find(({ user }) => user.email === email).member;

test('getOrganizationMembers pages and sorts', async () => {
  const first = await answered(200, admin.getOrganizationMembers({ orgId: acme, sort_by: 'email', sort_order: 'asc', limit: 1 }));
  assert.deepEqual(first.members.map(({ user }) => user.email), ['admin@partner.test']);
  const second = await answered(200, organization.getOrganizationMembers({
    orgId: acme, sort_by: 'email', sort_order: 'asc', limit: 1, cursor: first.pagination.next,
  }));
  assert.deepEqual(second.members.map(({ user }) => user.email), ['dev@partner.test']);
  assert.equal('next' in second.pagination, false, 'the last page has no next');
  await refused(404, /organization not found/, owner.getOrganizationMembers({ orgId: acme }));
});

test('getOrganizationMember and updateOrganizationMember', async () => {
  const { id, user_id: user } = await memberOf(labs, 'dev@partner.test');
  assert.equal((await answered(200, dev.getOrganizationMember(labs, id))).user_id, user);
  await refused(403, /only an admin/, dev.updateOrganizationMember(labs, id, { role: 'admin' }));
  assert.equal((await answered(200, admin.updateOrganizationMember(labs, id, { role: 'viewer' }))).role, 'viewer');
  assert.equal((await memberOf(labs, 'dev@partner.test')).role, 'viewer');
  const { id: last } = await memberOf(labs, 'admin@partner.test');
  await refused(409, /last admin/, admin.updateOrganizationMember(labs, last, { role: 'viewer' }));
});

test('removeOrganizationMember', async () => {
  const { id } = await memberOf(acme, 'dev@partner.test');
  await refused(404, notForOrgKeys, organization.removeOrganizationMember(acme, id));
  await answered(200, admin.removeOrganizationMember(acme, id));
  await refused(404, /member not found/, admin.getOrganizationMember(acme, id));
  await refused(404, /organization not found/, dev.getOrganization(acme));
});

test('createOrganizationInvitations and getOrganizationInvitations', async () => {
  const wanted = { invitations: [{ email: 'new@partner.test', role: 'editor' }, { email: 'owner@customer.test', role: 'member' }] };
  await refused(404, notForOrgKeys, organization.createOrganizationInvitations(acme, wanted));
  const { invitations: made } = await answered(200, admin.createOrganizationInvitations(acme, wanted));
  assert.deepEqual(made.map(({ email, role }) => ({ email, role })), wanted.invitations);
  const { invitations: listed } = await answered(200, organization.getOrganizationInvitations(acme));
  assert.deepEqual(listed, made);
  const people = (await members(acme)).map(({ user }) => user.email);
  assert.ok(people.includes('owner@customer.test'), 'who has an account joins at once');
  assert.ok(!people.includes('new@partner.test'), 'who has none is invited');
  await refused(404, /organization not found/, admin.getOrganizationInvitations(bloom));
});
