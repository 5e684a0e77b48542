/** Answers that a caller may have already. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

const TAG_LETTERS = 22;

/** Whether `If-None-Match` names a tag, compared weakly. */
export function matchesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const weak = (text: string): string => text.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((one) => weak(one) === weak(tag));
}

/**
 * Gives a body of JSON its tag, which changes with what is in it.
 * @returns true where the caller has it: 304 is set then, and nothing is to be sent
 */
export function isUnchanged(request: FastifyRequest, reply: FastifyReply, body: object): boolean {
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64url');
  const tag = `W/"${digest.slice(0, TAG_LETTERS)}"`;
  reply.header('etag', tag).header('cache-control', 'private, no-cache');
  if (!matchesTag(request.headers['if-none-match'], tag)) return false;
  reply.code(304);
  return true;
}
