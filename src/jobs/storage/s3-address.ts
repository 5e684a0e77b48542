/** Where media lie in S3, as one address: `s3://bucket/prefix?region=eu-central-1&sse=aws:kms&kmsKey=…`. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { checkKey } from './storage-key.ts';

const serviceUrl = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).username === '', 'no user or password');

const parametersSchema = z
  .object({
    /** Of a service other than Amazon's. */
    endpoint: serviceUrl.optional(),
    /** Where clients reach the same service, for presigned addresses. */
    publicEndpoint: serviceUrl.optional(),
    region: z.string().min(1).optional(),
    /** `endpoint/bucket/key` in place of `bucket.endpoint/key`. */
    pathStyle: z.enum(['true', 'false']).optional(),
    sse: z.enum(['AES256', 'aws:kms']).optional(),
    kmsKey: z.string().min(1).optional(),
  })
  .strict()
  .refine(({ sse, kmsKey }) => kmsKey === undefined || sse === 'aws:kms', 'kmsKey needs sse=aws:kms');

export interface S3Address extends Omit<Readonly<z.infer<typeof parametersSchema>>, 'pathStyle'> {
  readonly bucket: string;
  /** Empty, or with a `/` at its end. */
  readonly prefix: string;
  readonly pathStyle: boolean;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** @throws OPTION_INVALID. Nothing of the address is repeated that could be a secret. */
export function parseS3Address(text: string): S3Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 's3:') throw invalid('s3://bucket/prefix');
  if (url.username !== '' || url.password !== '') {
    throw new AppError('OPTION_INVALID', 'Expected an address of S3 without user and password.', {
      hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role: addresses are seen by others.',
    });
  }
  if (!BUCKET.test(url.hostname) || url.port !== '') throw invalid('the name of a bucket behind s3://');
  const path = url.pathname.replace(/^\/|\/$/g, '');
  if (path !== '') checkKey(path);
  const parameters = parametersSchema.safeParse(Object.fromEntries(url.searchParams));
  if (!parameters.success) {
    const issues = parameters.error.issues.map(({ path, message }) => [...path, message].join(': '));
    throw invalid('endpoint, publicEndpoint, region, pathStyle, sse and kmsKey', issues);
  }
  const { pathStyle, ...rest } = parameters.data;
  return { ...rest, bucket: url.hostname, prefix: path === '' ? '' : `${path}/`, pathStyle: pathStyle === 'true' };
}

const invalid = (expected: string, issues: readonly string[] = []): AppError =>
  new AppError(
    'OPTION_INVALID',
    ['Expected ', expected, ' in the address of the storage', ...issues.map((issue) => `; ${issue}`), '.'].join(''),
    {
      hint: 'For example s3://media/facefusion?region=eu-central-1, or s3://media?endpoint=http://127.0.0.1:9000&pathStyle=true.',
    },
  );
