// The people of the emulator's default world, each with an SDK client of their own, and what the scripts share.
import assert from 'node:assert/strict';
import { createApiClient } from '@neondatabase/api-client';

const baseURL = process.env.NEON_API_HOST;
assert.ok(baseURL, 'NEON_API_HOST must be the address of an emulator, such as http://127.0.0.1:7777/api/v2');

const clientOf = (apiKey) => createApiClient({ apiKey, baseURL });

export const admin = clientOf('napi_partner_admin');
export const dev = clientOf('napi_partner_dev');
export const owner = clientOf('napi_customer_owner');
export const organization = clientOf('napi_partner_org');
export const stranger = clientOf('napi_nobody');

export const acme = 'org-partner-acme-10000001';
export const labs = 'org-partner-labs-10000002';
export const bloom = 'org-customer-bloom-20000001';

// Creates a project, in Acme unless told otherwise, and gives everything that the answer holds.
export async function createProject(project = {}, client = admin) {
  const { status, data } = await client.createProject({ project: { org_id: acme, ...project } });
  assert.equal(status, 201);
  return data;
}

// Awaits a call that has to succeed with the status, and gives the answer's body.
export async function answered(status, call) {
  const response = await call;
  assert.equal(response.status, status);
  return response.data;
}

// Awaits a call that has to be refused with the status and, in Neon's general error, the message.
export async function refused(status, message, call) {
  await assert.rejects(call, (error) => {
    assert.equal(error.response?.status, status, error.message);
    const { code, message: said, request_id: id } = error.response.data;
    assert.match(said, message);
    assert.equal(code, '');
    assert.ok(id, 'the refusal has no request id');
    return true;
  });
}

export const names = (list) => list.map(({ name }) => name).sort();
