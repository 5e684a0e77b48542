/** What `facefusion serve` is told: flags, else the file that `--config` names, else defaults. */
import { z } from 'zod';

export const serverOptionsSchema = z
  .object({
    host: z.string().default('127.0.0.1'),
    port: z.number().int().min(0).max(65535).default(7861),
    /** Serves the web page at `/`. */
    page: z.boolean().default(false),
    /** `redis://…`; left out: embedded. */
    queue: z.string().optional(),
    /** A folder or `s3://bucket/prefix?endpoint=…`; left out: in the data folder. */
    storage: z.string().optional(),
    /** Runs at once in this process; 0: a gateway that leaves the work to workers. */
    workers: z.number().int().min(0).max(64).default(1),
    /** Addresses or networks of proxies in front, whose `X-Forwarded-For` is believed. */
    trustProxies: z.array(z.string()).default([]),
    /** Origins of pages that may call the API, beside its own. */
    corsOrigins: z.array(z.string()).default([]),
    /** Tasks that may wait before new jobs are refused with OVERLOADED. */
    maxWaiting: z.number().int().min(1).default(10_000),
    uploads: z
      .object({
        maxBytes: z
          .number()
          .int()
          .min(1)
          .default(20 * 1024 ** 3),
        maxSeconds: z
          .number()
          .min(1)
          .default(4 * 3600),
        maxPixels: z.number().int().min(1).default(150_000_000),
        /** Hosts that media may be imported from; empty: none. `*` any public one. */
        importHosts: z.array(z.string()).default([]),
        /** Hours for which an upload that no job uses is kept. */
        keepHours: z.number().min(0).default(24),
      })
      .strict()
      .prefault({}),
    callbacks: z
      .object({
        /** Private networks that callbacks may go to, as CIDR. */
        allowNetworks: z.array(z.string()).default([]),
        ports: z.array(z.number().int().min(1).max(65535)).default([80, 443, 8080, 8443]),
        maxAttempts: z.number().int().min(1).max(20).default(8),
      })
      .strict()
      .prefault({}),
    auth: z
      .object({
        /** OIDC or other issuer whose bearer tokens are taken. */
        issuer: z.string().optional(),
        audience: z.string().optional(),
        /** File or URL of its keys. */
        jwks: z.string().optional(),
        /** Claim that names the tenant. */
        tenantClaim: z.string().default('tenant'),
        /** Private networks that the issuer's keys may be fetched from, as CIDR. */
        allowNetworks: z.array(z.string()).default([]),
        /** True: a key or token is needed on 127.0.0.1, too, as behind a proxy of this machine. */
        required: z.boolean().default(false),
      })
      .strict()
      .prefault({}),
    /** Requests a minute for each key; 0: no limit. Keys may have limits of their own. */
    requestsPerMinute: z.number().int().min(0).default(600),
    /** Addresses of callers in the access log; personal data. */
    logAddresses: z.boolean().default(false),
    /** Days for which jobs and their outputs are kept. */
    keepDays: z.number().min(0).default(7),
    /** Share of outputs that are measured with `evaluate`, 0..1. */
    qualitySamples: z.number().min(0).max(1).default(0),
    /** Where traces go (OTLP over HTTP); left out: nowhere. */
    traces: z.string().optional(),
  })
  .strict();

export type ServerOptions = Readonly<z.output<typeof serverOptionsSchema>>;
