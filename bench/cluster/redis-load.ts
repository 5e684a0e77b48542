/** What Redis did between two looks. */
import { Redis } from 'ioredis';

export interface RedisLoad {
  readonly commandsPerSecond: number;
  /** Share of one core that its main thread was busy. */
  readonly cores: number;
  readonly usedMegabytes: number;
  readonly clients: number;
  /** Microseconds of Redis's time by command, of a second: the largest first. */
  readonly byCommand: Readonly<Record<string, { readonly callsPerSecond: number; readonly cores: number }>>;
}

interface Snapshot {
  readonly at: number;
  readonly commands: number;
  readonly cpu: number;
  readonly stats: ReadonlyMap<string, { readonly calls: number; readonly micros: number }>;
}

/** Commands that are shown. */
const SHOWN = 8;

export async function watchRedis(url: string): Promise<{ read(): Promise<RedisLoad>; close(): void }> {
  const redis = new Redis(url);
  const field = (info: string, name: string): number => Number(info.match(new RegExp(`^${name}:([\\d.]+)`, 'm'))?.[1]);
  const look = async (): Promise<Snapshot> => {
    const [all, cpu, commands] = await Promise.all([
      redis.info('stats'),
      redis.info('cpu'),
      redis.info('commandstats'),
    ]);
    return {
      at: performance.now(),
      commands: field(all, 'total_commands_processed'),
      cpu: field(cpu, 'used_cpu_user') + field(cpu, 'used_cpu_sys'),
      stats: new Map(
        [...commands.matchAll(/^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/gm)].map(([, name, calls, micros]) => [
          name!,
          { calls: Number(calls), micros: Number(micros) },
        ]),
      ),
    };
  };
  let before = await look();
  return {
    async read() {
      const now = await look();
      const [memory, clients] = await Promise.all([redis.info('memory'), redis.info('clients')]);
      const seconds = (now.at - before.at) / 1000;
      const byCommand = [...now.stats]
        .map(([name, { calls, micros }]) => {
          const old = before.stats.get(name) ?? { calls: 0, micros: 0 };
          const [callsPerSecond, cores] = [(calls - old.calls) / seconds, (micros - old.micros) / 1e6 / seconds];
          return [name, { callsPerSecond: Math.round(callsPerSecond), cores: Number(cores.toFixed(4)) }] as const;
        })
        .sort(([, a], [, b]) => b.cores - a.cores)
        .slice(0, SHOWN);
      const load: RedisLoad = {
        commandsPerSecond: Math.round((now.commands - before.commands) / seconds),
        cores: Number(((now.cpu - before.cpu) / seconds).toFixed(3)),
        usedMegabytes: Math.round(field(memory, 'used_memory') / 1e6),
        clients: field(clients, 'connected_clients'),
        byCommand: Object.fromEntries(byCommand),
      };
      before = now;
      return load;
    },
    close: () => redis.disconnect(),
  };
}
