/** Signs with a key in a token, through OpenSC's `pkcs11-tool`: no native module has to be built for it. */
import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import { runSigningProgram } from '../../media/signing-program.ts';
import { hashOf, type SigningAlgorithm } from './signature.ts';

/** Holds the PIN: it stands neither in the policy nor among the arguments. */
const PIN_VARIABLE = 'FACEFUSION_PKCS11_PIN';

/** @param address `pkcs11:token=…;object=…;id=%01`, see RFC 7512 */
export function signInToken(
  {
    module,
    address,
    algorithm,
  }: { readonly module: string; readonly address: string; readonly algorithm: SigningAlgorithm },
  bytes: Buffer,
): Promise<Buffer> {
  return runSigningProgram(pkcs11Command(module, address, algorithm), digestOf(algorithm, bytes));
}

/** The program and its arguments. @throws POLICY_INVALID for an address without a key */
export function pkcs11Command(module: string, address: string, algorithm: SigningAlgorithm): string[] {
  const parts = new Map(
    address
      .replace(/^pkcs11:/, '')
      .split('?')[0]!
      .split(';')
      .map((part) => part.split('=', 2) as [string, string?])
      .map(([name, value = '']) => [name, value]),
  );
  const [token, object, id] = ['token', 'object', 'id'].map((name) => parts.get(name));
  if (!address.startsWith('pkcs11:') || (object === undefined && id === undefined)) {
    throw new AppError('POLICY_INVALID', `Expected pkcs11:token=…;object=… for signing.object, received ${address}.`, {
      hint: 'Name the key by object or id; list them with: pkcs11-tool --module FILE --list-objects',
    });
  }
  return [
    'pkcs11-tool',
    ...['--module', module, '--sign', '--login', '--pin', `env:${PIN_VARIABLE}`],
    ...(token === undefined ? [] : ['--token-label', decodeURIComponent(token)]),
    ...(object === undefined ? [] : ['--label', decodeURIComponent(object)]),
    ...(id === undefined ? [] : ['--id', id.replaceAll('%', '')]),
    ...mechanismOf(algorithm),
  ];
}

function mechanismOf(algorithm: SigningAlgorithm): string[] {
  if (algorithm === 'ed25519') return ['--mechanism', 'EDDSA'];
  if (algorithm.startsWith('es')) return ['--mechanism', 'ECDSA', '--signature-format', 'rs'];
  const hash = `SHA${algorithm.slice(2)}`;
  return ['--mechanism', 'RSA-PKCS-PSS', '--hash-algorithm', hash, '--mgf', `MGF1-${hash}`, '--salt-len', '-1'];
}

/** Tokens sign hashes; most cannot hash themselves. */
function digestOf(algorithm: SigningAlgorithm, bytes: Buffer): Buffer {
  const hash = hashOf(algorithm);
  return hash === null ? bytes : createHash(hash).update(bytes).digest();
}
