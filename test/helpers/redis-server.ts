/** A Redis of Debian's for tests: on a free port, in a folder of its own, gone when disposed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly processId: number;
  /** SIGKILL, and a wait for its end. */
  kill(): Promise<void>;
  /** Starts it again on the same port with what it had written to disk. */
  restart(): Promise<void>;
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/**
 * Starts a server that loses nothing when it is killed: every write is on disk before it answers.
 * @param durable false: nothing is written to disk, for speed; `everysec`: as Redis does by default in production
 */
export async function startRedis({
  durable = true,
}: {
  readonly durable?: boolean | 'everysec';
} = {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'facefusion-redis-'));
  const port = await freePort();
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    const words = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--maxmemory-policy',
      'noeviction',
    ];
    if (durable) words.push('--appendonly', 'yes', '--appendfsync', durable === 'everysec' ? durable : 'always');
    child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stdout!.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('Ready to accept connections')) resolve();
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
    });
  };
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get processId() {
      return child.pid!;
    },
    kill,
    restart: async () => {
      await kill();
      await start();
    },
    async [Symbol.asyncDispose]() {
      await kill();
      process.off('exit', killAtExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
