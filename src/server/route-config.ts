/** What a route says of itself beside its schemas: `app.post(path, { config: { scope: 'jobs:write' }, schema }, handler)`. */
import type { Caller } from './auth/caller.ts';
import type { Scope } from './auth/scopes.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a caller needs. Every route has this, `anyCaller` or `public`; the app does not start otherwise. */
    scope?: Scope;
    /** Any key or token may call it, whatever its scopes: instead of `scope`. */
    anyCaller?: true;
    /** Anybody may call it. */
    public?: true;
    /** Keeps its first answer to an `Idempotency-Key`: for every POST that creates something. */
    idempotent?: true;
    /** Its body is a stream of any length: no limit on the time in which it has to arrive. */
    streamsBody?: true;
    /** A read that belongs in the audit log: media and what was audited. Everything but GET and HEAD is there anyway.
     * `hourly`: a caller's first such read of a thing in an hour, of those that come by the hundred. */
    audited?: true | 'hourly';
    /** A page asks for it many times a second: it has a limit of its own, ten times as high as that of other calls. */
    frequent?: true;
  }
  interface FastifyRequest {
    /** Set on every route that is not public. */
    caller: Caller;
  }
}
