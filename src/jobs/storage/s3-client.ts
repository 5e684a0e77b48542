/** The SDK, loaded where S3 is used. */
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { S3Address } from './s3-address.ts';

/** Of one request: with one in ten failing, all of them fail once in a hundred million times. */
export const S3_ATTEMPTS = 8;
const CONNECT_MILLISECONDS = 5_000;
/** Without a byte. Completing a large upload takes S3 some seconds. */
const SILENT_MILLISECONDS = 60_000;

/** Slow readers of media keep theirs for long, and nobody else may wait for them. The SDK's own limit is 50. */
const CONNECTIONS = 256;

/** The parts of the SDK that are used. */
export interface S3Sdk {
  readonly s3: typeof import('@aws-sdk/client-s3');
  readonly storage: typeof import('@aws-sdk/lib-storage');
  readonly presigner: typeof import('@aws-sdk/s3-request-presigner');
}

export async function loadS3Sdk(): Promise<S3Sdk> {
  // It warns on stderr of versions of Node that it will leave behind; users of ours cannot do anything about it.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const [s3, storage, presigner] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/lib-storage'),
    import('@aws-sdk/s3-request-presigner'),
  ]);
  return { s3, storage, presigner };
}

/** Retries with exponential backoff and jitter, as the SDK does. Credentials are its own to find. */
export function createS3Client({ s3 }: S3Sdk, address: S3Address, purpose: 'requests' | 'presigning'): S3Client {
  const { endpoint, publicEndpoint, pathStyle } = address;
  const used = purpose === 'presigning' ? (publicEndpoint ?? endpoint) : endpoint;
  const region = address.region ?? (endpoint === undefined ? undefined : 'us-east-1');
  const config: S3ClientConfig = {
    ...(used === undefined ? {} : { endpoint: used }),
    // Services other than Amazon's mostly have one region, and take any.
    ...(region === undefined ? {} : { region }),
    forcePathStyle: pathStyle,
    maxAttempts: S3_ATTEMPTS,
    requestHandler: {
      ...{ connectionTimeout: CONNECT_MILLISECONDS, socketTimeout: SILENT_MILLISECONDS },
      ...{ httpAgent: { maxSockets: CONNECTIONS }, httpsAgent: { maxSockets: CONNECTIONS } },
    },
    // A presigned address is for bytes that are not known yet: no checksum of them.
    requestChecksumCalculation: purpose === 'presigning' ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED',
    responseChecksumValidation: purpose === 'presigning' ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED',
  };
  return new s3.S3Client(config);
}
