/**
 * What the shared store does in Redis, each in one step that nobody else comes between. `KEYS[1]` is the root, a hash tag:
 * every key begins with it, so all of them are in one slot of a Redis Cluster. Each script that changes something knows
 * when it is sent again because its answer was lost, and does it once.
 */

/** Recent changes of a document that are remembered. */
const TOKENS_KEPT = 8;
/** Events, from the last, among which one that is sent again is looked for. */
const EVENTS_SEARCHED = 2000;
/** For how long the answer of a change is kept that leaves no other trace: longer than anybody waits for Redis. */
const ANSWER_SECONDS = 150;
/** Letters of a token. */
export const TOKEN_LENGTH = 12;

const COMMON = `
local root = KEYS[1]
-- Parts are written with their length, so that no tenant is taken for something else.
local function key(...)
  local name = root
  for _, part in ipairs({...}) do name = name .. ':' .. #part .. ':' .. part end
  return name
end
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function read(kind, id)
  local found = redis.call('HMGET', key('document', kind, id), 'tenant', 'state', 'sequence', 'version', 'expiresAt', 'value', 'tokens')
  if not found[1] then return nil end
  return { id = id, tenant = found[1], state = found[2], sequence = found[3], version = found[4], expiresAt = found[5], value = found[6], tokens = found[7] }
end
local function isLive(document, time)
  return document ~= nil and (document.expiresAt == '' or tonumber(document.expiresAt) > time)
end
local function answer(document)
  return { document.id, document.tenant, document.state, document.sequence, document.version, document.expiresAt, document.value }
end
local function indexes(kind, tenant, state)
  return { key('by-state', kind, state), key('by-tenant-and-state', kind, tenant, state) }
end
local function count(kind, tenant, state, amount)
  for _, name in ipairs({ key('count', kind), key('count', kind, tenant) }) do
    if redis.call('HINCRBY', name, state, amount) == 0 then redis.call('HDEL', name, state) end
  end
end
local function remove(kind, document)
  redis.call('DEL', key('document', kind, document.id))
  redis.call('ZREM', key('all', kind), document.id)
  redis.call('ZREM', key('by-tenant', kind, document.tenant), document.id)
  redis.call('ZREM', key('expiry', kind), document.id)
  for _, index in ipairs(indexes(kind, document.tenant, document.state)) do redis.call('ZREM', index, document.id) end
  count(kind, document.tenant, document.state, -1)
end
local function tell(stream, number, value)
  redis.call('PUBLISH', root .. ':events', number .. '\\n' .. cjson.encode(stream) .. '\\n' .. value)
end
-- A token is of one change, whoever asks for it again.
local function hasToken(document, token)
  return document ~= nil and string.find(document.tokens, token, 1, true) ~= nil
end
local function answered(token)
  return redis.call('GET', key('answer', token))
end
local function keepAnswer(token, value)
  redis.call('SET', key('answer', token), value, 'EX', ${ANSWER_SECONDS})
end
`;

const script = (lua: string): { readonly lua: string; readonly numberOfKeys: 1 } => ({
  lua: COMMON + lua,
  numberOfKeys: 1,
});

export const REDIS_SCRIPTS = {
  storeCreate: script(`
local kind, id, tenant, state, expiresAt, value, token = unpack(ARGV)
local old = read(kind, id)
if hasToken(old, token) then return 1 end
if isLive(old, now()) then return 0 end
if old then remove(kind, old) end
local sequence = redis.call('INCR', key('sequence'))
redis.call('HSET', key('document', kind, id), 'tenant', tenant, 'state', state, 'sequence', sequence, 'version', 1,
  'expiresAt', expiresAt, 'value', value, 'tokens', token)
redis.call('ZADD', key('all', kind), sequence, id)
redis.call('ZADD', key('by-tenant', kind, tenant), sequence, id)
for _, index in ipairs(indexes(kind, tenant, state)) do redis.call('ZADD', index, sequence, id) end
if expiresAt ~= '' then redis.call('ZADD', key('expiry', kind), expiresAt, id) end
count(kind, tenant, state, 1)
return 1`),

  storeRead: script(`
local document = read(ARGV[1], ARGV[2])
if not isLive(document, now()) then return nil end
return answer(document)`),

  /** Answers whether it was changed, and the document as it is then; nothing where there is none. */
  storeUpdate: script(`
local kind, id, sequence, version, state, expiresAt, value, token = unpack(ARGV)
local document = read(kind, id)
if hasToken(document, token) then return { 1, answer(document) } end
if not isLive(document, now()) then return nil end
if document.sequence ~= sequence or document.version ~= version then return { 0, answer(document) } end
if document.state ~= state then
  for _, index in ipairs(indexes(kind, document.tenant, document.state)) do redis.call('ZREM', index, id) end
  for _, index in ipairs(indexes(kind, document.tenant, state)) do redis.call('ZADD', index, sequence, id) end
  count(kind, document.tenant, document.state, -1)
  count(kind, document.tenant, state, 1)
end
if expiresAt ~= '' then redis.call('ZADD', key('expiry', kind), expiresAt, id) end
document.state, document.expiresAt, document.value, document.version = state, expiresAt, value, tostring(version + 1)
redis.call('HSET', key('document', kind, id), 'state', state, 'version', document.version, 'expiresAt', expiresAt,
  'value', value, 'tokens', string.sub(token .. document.tokens, 1, ${TOKEN_LENGTH * TOKENS_KEPT}))
return { 1, answer(document) }`),

  storeRemove: script(`
local kind, id, token = unpack(ARGV)
local before = answered(token)
if before then return tonumber(before) end
local document = read(kind, id)
if not isLive(document, now()) then return 0 end
remove(kind, document)
keepAnswer(token, 1)
return 1`),

  /** States are told behind the rest; none: any. */
  storeList: script(`
local kind, tenant, after, limit, newestFirst = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5] == '1'
local hasTenant = ARGV[6] == '1'
local names = {}
for number = 7, #ARGV do
  table.insert(names, hasTenant and key('by-tenant-and-state', kind, tenant, ARGV[number]) or key('by-state', kind, ARGV[number]))
end
if #names == 0 then names = { hasTenant and key('by-tenant', kind, tenant) or key('all', kind) } end
local time = now()
local found = {}
while #found < limit do
  local entries = {}
  for _, name in ipairs(names) do
    local page
    if newestFirst then
      page = redis.call('ZREVRANGEBYSCORE', name, after == '' and '+inf' or '(' .. after, '-inf', 'WITHSCORES', 'LIMIT', 0, limit)
    else
      page = redis.call('ZRANGEBYSCORE', name, after == '' and '-inf' or '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, limit)
    end
    for at = 1, #page, 2 do table.insert(entries, { page[at], page[at + 1] }) end
  end
  table.sort(entries, function(one, other)
    if newestFirst then return tonumber(one[2]) > tonumber(other[2]) end
    return tonumber(one[2]) < tonumber(other[2])
  end)
  -- Of what each index gives, only the first are sure to have nothing between them.
  local sure = math.min(#entries, limit)
  for at = 1, sure do
    local document = read(kind, entries[at][1])
    if isLive(document, time) then table.insert(found, answer(document)) end
    if #found == limit then break end
  end
  if sure < limit then break end
  after = entries[sure][2]
end
return found`),

  storeCount: script(`
local kind, tenant, hasTenant = ARGV[1], ARGV[2], ARGV[3] == '1'
local counts = redis.call('HGETALL', hasTenant and key('count', kind, tenant) or key('count', kind))
local byState = {}
for at = 1, #counts, 2 do byState[counts[at]] = tonumber(counts[at + 1]) end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('expiry', kind), '-inf', now())) do
  local document = read(kind, id)
  if document and (not hasTenant or document.tenant == tenant) then byState[document.state] = byState[document.state] - 1 end
end
local answers = {}
for state, number in pairs(byState) do
  if number > 0 then table.insert(answers, state) table.insert(answers, number) end
end
return answers`),

  storeSweep: script(`
local kind, limit, token = unpack(ARGV)
local before = answered(token)
if before then return cjson.decode(before) end
local ids = redis.call('ZRANGEBYSCORE', key('expiry', kind), '-inf', now(), 'LIMIT', 0, limit)
for _, id in ipairs(ids) do
  local document = read(kind, id)
  if document then remove(kind, document) else redis.call('ZREM', key('expiry', kind), id) end
end
if #ids > 0 then keepAnswer(token, cjson.encode(ids)) end
return ids`),

  /** Events are kept in a list: its length is their number. */
  storeAppend: script(`
local stream, value, token, isAgain = unpack(ARGV)
local name = key('events', stream)
if isAgain == '1' then
  local length = redis.call('LLEN', name)
  local first = math.max(0, length - ${EVENTS_SEARCHED})
  for at, entry in ipairs(redis.call('LRANGE', name, first, -1)) do
    if string.sub(entry, 1, ${TOKEN_LENGTH}) == token then return first + at end
  end
end
local number = redis.call('RPUSH', name, token .. value)
tell(stream, number, value)
return number`),

  storeEvents: script(`
return redis.call('LRANGE', key('events', ARGV[1]), ARGV[2], ARGV[2] + ARGV[3] - 1)`),

  storePublish: script(`
tell(ARGV[1], 0, ARGV[2])
return 1`),

  storeRemoveEvents: script(`
return redis.call('UNLINK', key('events', ARGV[1]))`),

  storeAdd: script(`
local name, amount, token = unpack(ARGV)
local before = answered(token)
if before then return tonumber(before) end
local value = redis.call('INCRBY', key('counter', name), amount)
keepAnswer(token, value)
return value`),
} as const;

/** Of the events of a store. */
export const channelOf = (root: string): string => `${root}:events`;

type Reply<T> = (root: string, ...values: readonly (string | number)[]) => Promise<T>;

/** As a document is answered: id, tenant, state, sequence, version, expiry, value. */
export type DocumentReply = readonly [string, string, string, string, string, string, string];

/** The scripts as commands of a connection. */
export interface StoreCommands {
  readonly storeCreate: Reply<number>;
  readonly storeRead: Reply<DocumentReply | null>;
  readonly storeUpdate: Reply<readonly [number, DocumentReply] | null>;
  readonly storeRemove: Reply<number>;
  readonly storeList: Reply<readonly DocumentReply[]>;
  readonly storeCount: Reply<readonly (string | number)[]>;
  readonly storeSweep: Reply<readonly string[]>;
  readonly storeAppend: Reply<number>;
  readonly storeEvents: Reply<readonly string[]>;
  readonly storePublish: Reply<number>;
  readonly storeRemoveEvents: Reply<number>;
  readonly storeAdd: Reply<number>;
}

declare module 'ioredis' {
  interface RedisCommander<Context> extends StoreCommands {}
}
