/** Options of `facefusion serve`: flags, else the file that `--config` names, else defaults. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { AppError } from '../core/errors.ts';
import { closest } from '../core/suggest.ts';
import { parseNetworks } from '../jobs/outgoing/address-rules.ts';
import { checkOrigins } from './secure-headers.ts';
import { type ServerOptions, serverOptionsSchema } from './server-options.ts';

/** Bytes of a file that could be one of options. */
const MOST_BYTES = 1024 ** 2;

/**
 * @param flags as given; what is undefined is taken from the file
 * @param file  YAML or JSON
 * @param own   defaults of the command, before those of all
 * @throws OPTION_INVALID, OPTION_UNKNOWN naming the option; INPUT_NOT_FOUND, INPUT_UNREADABLE for the file
 */
export async function readServerOptions(
  flags: Readonly<Record<string, unknown>>,
  file: string | undefined,
  own: Readonly<Record<string, unknown>> = {},
): Promise<ServerOptions> {
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const fromFile = file === undefined ? {} : await readOptionFile(file);
  const parsed = serverOptionsSchema.safeParse({ ...own, ...fromFile, ...given });
  if (parsed.success) {
    const { corsOrigins, callbacks, auth } = parsed.data;
    checkOrigins(corsOrigins);
    parseNetworks(callbacks.allowNetworks, 'callbacks.allowNetworks');
    parseNetworks(auth.allowNetworks, 'auth.allowNetworks');
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  const path = issue?.path.map(String) ?? [];
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const near = path.length === 0 ? closest(key, Object.keys(serverOptionsSchema.shape)) : undefined;
    throw new AppError('OPTION_UNKNOWN', `There is no option ${[...path, key].join('.')}.`, {
      hint: near === undefined ? 'docs/serve.md lists all.' : `Did you mean ${near}?`,
      details: { option: key },
    });
  }
  throw new AppError('OPTION_INVALID', `${path.join('.')}: ${issue?.message}.`, {
    hint: 'docs/serve.md says what each option takes.',
    details: { option: path.join('.') },
  });
}

async function readOptionFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'ENOENT' ? 'INPUT_NOT_FOUND' : 'INPUT_UNREADABLE';
    throw new AppError(code, `Expected a file of options for --config: ${cause.code}.`, { cause });
  });
  if (text.length > MOST_BYTES) throw noOptions(`more than ${MOST_BYTES} bytes`);
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    // The first line says where; those behind it repeat the file, which may hold a password.
    throw noOptions(String((cause as Error).message).split('\n')[0] ?? '', cause);
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw noOptions(`a ${Array.isArray(value) ? 'list' : typeof value}`);
  return Object.fromEntries(Object.entries(value));
}

const noOptions = (what: string, cause?: unknown): AppError =>
  new AppError(
    'OPTION_INVALID',
    `Expected options as YAML in the file of --config, received ${what.replace(/[.:]$/, '')}.`,
    {
      hint: 'For example: port: 8080',
      cause,
      details: { option: 'config' },
    },
  );
