/**
 * What Redis does in one step beside what BullMQ's own scripts do. They know BullMQ's keys (`<prefix>:<lane>:<what>`, the task's
 * hash at `<prefix>:<lane>:<id>`), as they are in the pinned version; the conformance suite tells when that changes.
 */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/**
 * BullMQ takes priorities up to 2^21 - 1. Each of the three bands has a third; its first number is for tasks that have had
 * their turn (tried again, or the last of a flow) and go before the others, the rest are start tags.
 */
export const BAND_WIDTH = Math.floor((2 ** 21 - 1) / 3);

/** First number of a band. */
export const frontOf = (band: number): number => band * BAND_WIDTH + 1;

/** A script by its source. It is sent once and then called by its hash. */
export class RedisScript<Reply> {
  readonly #source: string;
  readonly #hash: string;

  constructor(source: string) {
    this.#source = source;
    this.#hash = createHash('sha1').update(source).digest('hex');
  }

  async run(redis: Redis, keys: readonly string[], values: readonly (string | number)[]): Promise<Reply> {
    try {
      return (await redis.evalsha(this.#hash, keys.length, ...keys, ...values)) as Reply;
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return (await redis.eval(this.#source, keys.length, ...keys, ...values)) as Reply;
    }
  }
}

/** BullMQ's score of a waiting task: its priority and, below that, the order of adding. */
const COMMON = `
  local unit = 0x100000000
  local function text(number) return string.format('%.0f', number) end
`;

/**
 * Gives tasks that were added at the front of their bands their start tags, as \`fair-share.ts\` says, and writes down which job
 * they are of. Doing it again changes nothing. The virtual time is the start tag of the first in line, and begins anew where
 * nothing waits. Where the numbers of a band are used up, all that wait move down; a heap that fills a band shares its last.
 * KEYS: prioritized tasks of the lane, registry of lanes. ARGV: what BullMQ's keys begin with, what ours do, lane, band width,
 * milliseconds a list of a job's tasks may last; then id, tenant, band, cost and job of each task.
 */
export const chargeTasks = new RedisScript<number>(`${COMMON}
  local base, own, lane, width = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
  redis.call('SADD', KEYS[2], lane)
  for i = 6, #ARGV, 5 do
    local id, tenant, band, cost, job = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), math.ceil(tonumber(ARGV[i + 3])), ARGV[i + 4]
    local key = base .. id
    local share = own .. 'share:' .. lane .. ':' .. band
    if redis.call('EXISTS', key) == 1 and redis.call('HSETNX', key, 'charged', cost) == 1 then
      redis.call('HSET', key, 'share', share, 'shareOf', tenant)
      if redis.call('HEXISTS', key, 'finishedOn') == 0 then
        redis.call('SADD', own .. 'job:' .. job, lane .. ' ' .. id)
        redis.call('PEXPIRE', own .. 'job:' .. job, ARGV[5])
      end
      local first = band * width + 2
      local from, to = text(first * unit), '(' .. text((first + width - 1) * unit)
      local head = redis.call('ZRANGEBYSCORE', KEYS[1], from, to, 'WITHSCORES', 'LIMIT', 0, 1)[2]
      local time = 0
      if head then
        time = math.max(math.floor(tonumber(head) / unit) - first, tonumber(redis.call('HGET', share, 'time')) or 0)
      else
        redis.call('DEL', share)
      end
      local start = math.max(time, tonumber(redis.call('HGET', share, 'of:' .. tenant)) or 0)
      local last = width - 2
      if start > last and time > last / 2 then
        local waiting = redis.call('ZRANGEBYSCORE', KEYS[1], from, to, 'WITHSCORES')
        for j = 1, #waiting, 2 do
          redis.call('ZADD', KEYS[1], text(math.max(first * unit, tonumber(waiting[j + 1]) - time * unit)), waiting[j])
        end
        local fields = redis.call('HGETALL', share)
        for j = 1, #fields, 2 do
          local rest = tonumber(fields[j + 1]) - time
          if rest > 0 then redis.call('HSET', share, fields[j], rest) else redis.call('HDEL', share, fields[j]) end
        end
        start, time = start - time, 0
      end
      redis.call('HSET', share, 'time', time, 'of:' .. tenant, start + cost)
      local score = redis.call('ZSCORE', KEYS[1], id)
      if score then
        redis.call('ZADD', KEYS[1], text((first + math.min(start, last)) * unit + tonumber(score) % unit), id)
      end
    end
  end
  return 1
`);

/**
 * Which lanes have something to do. KEYS: whether the queue is paused. ARGV: what the keys of all lanes begin with, now, band
 * width; then lanes.
 * @returns 1 where it is paused, whatever the lanes have; when the next delayed task is due, or 0; then lane and band of each that has something
 */
export const findReadyLanes = new RedisScript<(string | number)[]>(`${COMMON}
  local paused = redis.call('EXISTS', KEYS[1])
  local now, width, due, ready = tonumber(ARGV[2]), tonumber(ARGV[3]), 0, {}
  for i = 4, #ARGV do
    local base = ARGV[1] .. ARGV[i] .. ':'
    local band = 9
    if redis.call('LLEN', base .. 'wait') > 0 then
      band = -1
    else
      local head = redis.call('ZRANGE', base .. 'prioritized', 0, 0, 'WITHSCORES')[2]
      if head then band = math.floor((math.floor(tonumber(head) / unit) - 1) / width) end
      local delayed = redis.call('ZRANGE', base .. 'delayed', 0, 0, 'WITHSCORES')
      if delayed[2] then
        local at = math.floor(tonumber(delayed[2]) / 0x1000)
        if at <= now then
          local priority = tonumber(redis.call('HGET', base .. delayed[1], 'priority')) or 1
          band = math.min(band, math.floor((priority - 1) / width))
        elseif due == 0 or at < due then
          due = at
        end
      end
    end
    if band < 9 then
      table.insert(ready, ARGV[i])
      table.insert(ready, band)
    end
  end
  return {paused, text(due), unpack(ready)}
`);

/**
 * A sign of life for tasks in work. A lock that ran out and that nobody took since, as when Redis was away, is taken again.
 * KEYS: active tasks, maybe-stalled tasks. ARGV: what BullMQ's keys begin with, milliseconds; then id and token of each.
 * @returns for each: 1 it is ours, 0 it is another worker's, -1 it is no more
 */
export const renewLocks = new RedisScript<number[]>(`
  local held = {}
  for i = 3, #ARGV, 2 do
    local id, token = ARGV[i], ARGV[i + 1]
    local key = ARGV[1] .. id
    local lock = redis.call('GET', key .. ':lock')
    local state = 0
    if redis.call('EXISTS', key) == 0 then
      state = -1
    elseif lock == token or (not lock and redis.call('LPOS', KEYS[1], id)) then
      redis.call('SET', key .. ':lock', token, 'PX', ARGV[2])
      redis.call('SREM', KEYS[2], id)
      state = 1
    end
    table.insert(held, state)
  end
  return held
`);

/**
 * Takes all tasks of a job away that have not ended, those in work as well, and gives its tenant back what nobody began.
 * KEYS: tasks of the job. ARGV: what the keys of all lanes begin with.
 */
export const removeJob = new RedisScript<number>(`
  for _, member in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    local lane, id = string.match(member, '^(%S+) (%S+)$')
    local base = ARGV[1] .. lane .. ':'
    local key = base .. id
    if redis.call('EXISTS', key) == 1 and redis.call('HEXISTS', key, 'finishedOn') == 0 then
      redis.call('LREM', base .. 'wait', 0, id)
      redis.call('LREM', base .. 'active', 0, id)
      redis.call('ZREM', base .. 'prioritized', id)
      redis.call('ZREM', base .. 'delayed', id)
      redis.call('ZREM', base .. 'waiting-children', id)
      redis.call('SREM', base .. 'stalled', id)
      local fields = redis.call('HMGET', key, 'processedOn', 'charged', 'share', 'shareOf')
      if not fields[1] and fields[2] and redis.call('HEXISTS', fields[3], 'of:' .. fields[4]) == 1 then
        local finish = tonumber(redis.call('HGET', fields[3], 'of:' .. fields[4])) - tonumber(fields[2])
        redis.call('HSET', fields[3], 'of:' .. fields[4], math.max(0, finish))
      end
      redis.call('DEL', key, key .. ':lock', key .. ':logs', key .. ':dependencies', key .. ':processed', key .. ':failed',
        key .. ':unsuccessful')
    end
  end
  return redis.call('DEL', KEYS[1])
`);

/**
 * Lets tasks of a job have their turns before those of another one: scores are exchanged among the waiting tasks of the tenant in
 * a lane and band, as `moveTurns` of `fair-share.ts` says. KEYS: tasks of the job, tasks of the other one. ARGV: what the keys of
 * all lanes begin with, band width, 1 where it goes behind all.
 * @returns 1 where it was moved
 */
export const moveJob = new RedisScript<number>(`${COMMON}
  local width, moved, done = tonumber(ARGV[2]), 0, {}
  for _, member in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    local lane, id = string.match(member, '^(%S+) (%S+)$')
    local base = ARGV[1] .. lane .. ':'
    local score = redis.call('ZSCORE', base .. 'prioritized', id)
    local tenant = redis.call('HGET', base .. id, 'shareOf')
    if score and tenant then
      local band = math.floor((math.floor(tonumber(score) / unit) - 1) / width)
      local group = lane .. ' ' .. band
      if not done[group] then
        done[group] = true
        local from, to = text((band * width + 1) * unit), '(' .. text(((band + 1) * width + 1) * unit)
        local waiting = redis.call('ZRANGEBYSCORE', base .. 'prioritized', from, to, 'WITHSCORES')
        local scores, own, others, at = {}, {}, {}, nil
        for i = 1, #waiting, 2 do
          local one = waiting[i]
          if redis.call('HGET', base .. one, 'shareOf') == tenant then
            table.insert(scores, waiting[i + 1])
            if redis.call('SISMEMBER', KEYS[1], lane .. ' ' .. one) == 1 then
              table.insert(own, one)
            else
              if not at and ARGV[3] ~= '1' and redis.call('SISMEMBER', KEYS[2], lane .. ' ' .. one) == 1 then at = #others + 1 end
              table.insert(others, one)
            end
          end
        end
        if ARGV[3] == '1' then at = #others + 1 end
        if at then
          for i, one in ipairs(own) do table.insert(others, at + i - 1, one) end
          for i, one in ipairs(others) do redis.call('ZADD', base .. 'prioritized', scores[i], one) end
          moved = 1
        end
      end
    end
  end
  return moved
`);

/** Of each band, so many of those that are next are asked for how long they have waited. */
const ASKED = 16;

/**
 * Counts of lanes. KEYS: registry of lanes. ARGV: what the keys of all lanes begin with, band width.
 * @returns of each lane: its name, tasks waiting, in work, delayed, and since when the oldest is ready, 0 where none is. The
 *   oldest is looked for among the next of each band: every tenant's oldest is near the front
 */
export const countLanes = new RedisScript<(string | number)[]>(`${COMMON}
  local counts, width = {}, tonumber(ARGV[2])
  for _, lane in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    local base = ARGV[1] .. lane .. ':'
    local oldest = 0
    for band = 0, 2 do
      local from, to = text((band * width + 2) * unit), '(' .. text(((band + 1) * width + 1) * unit)
      for _, id in ipairs(redis.call('ZRANGEBYSCORE', base .. 'prioritized', from, to, 'LIMIT', 0, ${ASKED})) do
        local at = tonumber(redis.call('HGET', base .. id, 'timestamp')) or 0
        if at > 0 and (oldest == 0 or at < oldest) then oldest = at end
      end
    end
    for _, count in ipairs({
      lane,
      redis.call('LLEN', base .. 'wait') + redis.call('ZCARD', base .. 'prioritized'),
      redis.call('LLEN', base .. 'active'),
      redis.call('ZCARD', base .. 'delayed') + redis.call('ZCARD', base .. 'waiting-children'),
      text(oldest),
    }) do table.insert(counts, count) end
  end
  return counts
`);
