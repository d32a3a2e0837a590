// What every error must look like, whoever in the service refused the request.
import { expect } from '@jest/globals';
import type { Answer } from './http.js';

export const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** @param code when it is given, the error's code must be this one */
export function expectEnvelope({ status, headers, body, text }: Answer, code?: string): void {
  expect({ status, type: headers.get('content-type'), text }).toMatchObject({ type: expect.stringMatching(/^application\/json\b/) });
  expect(body).toEqual({
    code: code ?? expect.stringMatching(/^[a-z_]+$/),
    message: expect.stringMatching(/\S/),
    request_id: expect.stringMatching(REQUEST_ID),
    ...(body.details !== undefined && { details: expect.objectContaining({}) }),
  });
  expect(headers.get('x-request-id')).toBe(body.request_id);
}
