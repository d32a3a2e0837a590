// `Link` (RFC 8288) may be said by several: each adds to what the others said.
import type { FastifyReply } from 'fastify';

export function addLink(reply: FastifyReply, link: string): void {
  const others = reply.getHeader('Link');
  reply.header('Link', others === undefined ? link : `${String(others)}, ${link}`);
}
