import type { ModelLicence, OnnxModelEntry } from '../../src/engine/models/manifest.ts';
import type { ModelContract } from './contract.ts';

/** A file of a devDependency, or a part of one. */
export interface SourceFile {
  /** Path inside the package. */
  readonly file: string;
  /** First byte and the byte after the last. */
  readonly byteRange?: readonly [number, number];
  /** Of the file, or of the part of it; another hash stops the build. */
  readonly sha256: string;
}

/** What every recipe says, whatever it makes. */
interface CommonRecipe {
  /** Also the name of the file it makes. */
  readonly id: string;
  readonly task: string;
  /** Name of the devDependency. */
  readonly package: string;
  readonly source: SourceFile;
  /** Further files, given to `convert` after the first. */
  readonly companions?: readonly SourceFile[];
  readonly licence: ModelLicence;
}

export interface OnnxRecipe extends CommonRecipe {
  readonly kind: 'onnx';
  readonly contract: ModelContract;
  readonly graphOptimizationLevel?: OnnxModelEntry['session']['graphOptimizationLevel'];
  /** Makes the ONNX file from the bytes of the source files. Same bytes in, same bytes out. */
  convert(files: readonly Uint8Array[], contract: ModelContract): Uint8Array;
}

export interface TableRecipe extends CommonRecipe {
  readonly kind: 'table';
  /** One phrase for the documentation. */
  readonly meaning: string;
  /** Makes the JSON file. */
  convert(files: readonly Uint8Array[]): Uint8Array;
}

export type Recipe = OnnxRecipe | TableRecipe;
