import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, ensureBuilt, MEDIA, makeFolder, ROOT, runProgram } from './support/cli.ts';

const folder = makeFolder('package');
const at = (name: string): string => join(folder.path, name);

const npm = async (words: readonly string[], cwd: string): Promise<CliResult> => {
  const result = await runProgram('npm', [...words, '--loglevel=error'], { cwd });
  expect(result.code, result.stderr).toBe(0);
  return result;
};

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

let packed: Packed;

beforeAll(async () => {
  ensureBuilt();
  // What `prepack` would build has just been built.
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder.path];
  const answer = JSON.parse((await npm(words, ROOT)).stdout) as Packed[] | Record<string, Packed>;
  packed = Object.values(answer)[0]!;
  writeFileSync(at('package.json'), '{"private":true}');
  const install = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  await npm([...install, `./${packed.filename}`], folder.path);
  await sharp(MEDIA.threeWomen).extract({ left: 1000, top: 120, width: 520, height: 640 }).png().toFile(at('me.png'));
  await sharp(MEDIA.fourWomen).extract({ left: 1330, top: 60, width: 560, height: 640 }).png().toFile(at('you.png'));
}, 300_000);
afterAll(() => folder.dispose());

describe('the package', () => {
  it('carries code, models, licences and pages, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    const isExpected = (path: string): boolean =>
      /^dist\/.+\.(js|d\.ts)$/.test(path) ||
      /^dist\/web\/(?:assets\/)?[\w.-]+\.(html|js|css|svg)$/.test(path) ||
      /^models\/[\w.-]+\.(onnx|json)$/.test(path) ||
      /^docs\/(zh\/)?[\w-]+\.md$/.test(path) ||
      /^words\/(en|zh)\.txt$/.test(path) ||
      path === 'openapi/openapi.json' ||
      ['package.json', 'README.md', 'README.zh-CN.md', 'LICENSE', 'NOTICE', 'SECURITY.md', 'CHANGELOG.md'].includes(
        path,
      );
    expect(paths.filter((path) => !isExpected(path))).toEqual([]);
    expect(paths.filter((path) => /\.test\.|\.ts\.js/.test(path))).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(ROOT, 'models/manifest.json'), 'utf8')) as {
      models: { file: string }[];
    };
    for (const { file } of manifest.models) expect(paths).toContain(`models/${file}`);
    const files = ['LICENSE', 'NOTICE', 'SECURITY.md', 'docs/errors.md', 'words/en.txt', 'words/zh.txt'];
    for (const file of [...files, 'dist/web/index.html']) expect(paths).toContain(file);
  });

  it('imports no file by the ending that it has in the sources', () => {
    // TypeScript 6 leaves `import('./x.ts')` as it is in a function that also has `await using`.
    const files = packed.files.map(({ path }) => path).filter((path) => path.endsWith('.js'));
    const wrong = files.filter((path) =>
      /\bimport\(\s*['"][^'"]+\.ts['"]/.test(readFileSync(join(ROOT, path), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  it('brings none of the packages that the models were made from', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const installed = readdirSync(at('node_modules')).flatMap((name) =>
      name.startsWith('@') ? readdirSync(at(`node_modules/${name}`)).map((inner) => `${name}/${inner}`) : [name],
    );
    expect(installed).toContain('onnxruntime-node');
    // Tests speak to the service's WebSockets with the package that it has them from.
    expect(installed.filter((name) => name in devDependencies && name !== 'ws')).toEqual([]);
  });

  it('swaps a face as npx facefusion process', async () => {
    const words = ['--no-install', 'facefusion', 'process', '-s', 'me.png', '-t', 'you.png', '-o', 'out.png'];
    const { code, stdout, stderr } = await runProgram('npx', words, { cwd: folder.path });
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: 'out.png\n' });
    expect(await sharp(at('out.png')).metadata()).toMatchObject({ width: 560, height: 640 });
  });

  it('is a library', async () => {
    writeFileSync(
      at('use.mjs'),
      "import { detectFaces, isAppError, processImage } from 'facefusion';\n" +
        "const { faces } = await detectFaces('you.png');\n" +
        "const paths = { sourcePaths: ['me.png'], targetPath: 'you.png', outputPath: 'out.png' };\n" +
        'const code = await processImage(paths).catch((error) => isAppError(error) && error.code);\n' +
        'console.log(faces.length > 0, code);\n',
    );
    const { stdout, stderr } = await runProgram(process.execPath, ['use.mjs'], { cwd: folder.path });
    expect(stdout, stderr).toBe('true OUTPUT_EXISTS\n');
  });

  it('says which samples the demo lacks here, and how to pass others', async () => {
    const { code, stderr } = await runProgram('npx', ['--no-install', 'facefusion', 'demo'], { cwd: folder.path });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error\[INPUT_NOT_FOUND\]: This copy comes without sample media: .*cap12_edit\.mp4/m);
    expect(stderr).toContain('hint: Pass your own: facefusion demo --source <file>');
    expect(readdirSync(folder.path)).not.toContain('demo-output');
  });
});
