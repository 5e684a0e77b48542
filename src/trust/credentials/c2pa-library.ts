/** The native library that makes and reads Content Credentials: 66 MB, for Linux on x86-64, so it is opened when needed. */

/** An asset by its path. */
interface FileAsset {
  readonly path: string;
  readonly mimeType?: string;
}

/** How the library is told what to sign with. */
export interface CallbackSigner {
  readonly alg: string;
  /** DER, the signing one first. */
  readonly certs: readonly Buffer[];
  readonly reserveSize: number;
  readonly directCoseHandling: boolean;
}

interface Builder {
  setIntent(intent: 'edit'): void;
  setNoEmbed(noEmbed: boolean): void;
  addAction(action: string): void;
  addAssertion(label: string, data: unknown): void;
  addIngredient(ingredient: string, asset?: FileAsset): Promise<void>;
  signConfigAsync(
    sign: (bytes: Buffer) => Promise<Buffer>,
    signer: CallbackSigner,
    input: FileAsset,
    output: FileAsset,
  ): Promise<Buffer>;
}

interface Reader {
  json(): unknown;
}

/** The part of `@contentauth/c2pa-node` that is used here. */
export interface C2paLibrary {
  readonly Builder: { withJson(manifest: object, settings?: object): Builder };
  readonly Reader: {
    /** Null where the asset has no credentials. */
    fromAsset(asset: FileAsset, settings?: object): Promise<Reader | null>;
    fromManifestDataAndAsset(manifest: Buffer, asset: FileAsset, settings?: object): Promise<Reader>;
  };
}

let opening: Promise<C2paLibrary | Error> | undefined;

/** The library, or why there is none on this machine. */
export function openC2pa(): Promise<C2paLibrary | Error> {
  // Its name is no literal: types of its own would need another package, and it may be absent.
  const name: string = '@contentauth/c2pa-node';
  opening ??= import(name).then(
    (library: C2paLibrary) => library,
    (cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause))),
  );
  return opening;
}
