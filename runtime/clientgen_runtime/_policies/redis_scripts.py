"""What Redis does by itself, so that no two processes get in each other's way.

Scripts run one at a time on the server. They keep the rules of `_limiter.Queue` and
`_breaker.Circuit`, which say why; tests hold both to the same. Times are those of the server, in
seconds, as texts with all digits: Redis would cut numbers to integers.
"""

_TIME = """
local now = tonumber(ARGV[1])
if not now then
    local time = redis.call('TIME')
    now = tonumber(time[1]) + tonumber(time[2]) / 1000000
end
local function text(number) return string.format('%.17g', number) end
"""

_TURNS = (
    _TIME
    + """
local function words(joined)
    local found = {}
    for word in string.gmatch(joined or '', '%S+') do table.insert(found, word) end
    return found
end
local function moment(turn) return tonumber(words(turn)[1]) end
local function keep(seconds)
    -- What nobody asks for any more is forgotten, some time after it matters.
    for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, math.ceil(seconds * 1000) + 60000) end
end
"""
)

RESERVE = (
    _TURNS
    + """
-- KEYS: state, turns, free turns.  ARGV: time, patience, whether it is asked again,
-- number of buckets, their fills, number of windows, their calls and seconds.
local held = tonumber(redis.call('HGET', KEYS[1], 'held') or '0')
if ARGV[3] == '1' and held <= now then return {'0', ''} end

local buckets, place = tonumber(ARGV[4]), 4
local ones, mosts = {}, {}
for i = 1, buckets do
    ones[i], mosts[i] = tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2])
    place = place + 2
end
place = place + 1
local windows = tonumber(ARGV[place])

local at = math.max(now, held)
local last = redis.call('LINDEX', KEYS[2], -1)
if last then at = math.max(at, moment(last)) end
local full = words(redis.call('HGET', KEYS[1], 'full') or '')
local longest = 0
for i = 1, buckets do
    full[i] = tonumber(full[i] or '0')
    at = math.max(at, full[i] - mosts[i])
end
local kept = 1
for i = 1, windows do
    local calls, seconds = tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2])
    place = place + 2
    kept, longest = math.max(kept, calls), math.max(longest, seconds)
    local first = redis.call('LINDEX', KEYS[2], -calls)
    if first then at = math.max(at, moment(first) + seconds) end
end
local patience = tonumber(ARGV[2])
if patience and at > now and at - now >= patience then return {'-1', ''} end

local before, after = {}, {}
for i = 1, buckets do
    before[i] = text(full[i])
    after[i] = text(math.max(full[i], at) + ones[i])
    longest = math.max(longest, full[i] + ones[i] - now)
end
local id = redis.call('HINCRBY', KEYS[1], 'number', 1) .. ':' .. text(at)
redis.call('HSET', KEYS[1], 'full', table.concat(after, ' '))
redis.call('RPUSH', KEYS[2], text(at) .. ' ' .. id .. ' ' .. table.concat(before, ' '))
local function is_over(turn) return turn and moment(turn) <= now end
while is_over(redis.call('LINDEX', KEYS[2], kept)) do redis.call('LPOP', KEYS[2]) end
keep(math.max(longest, at - now, held - now))
return {text(at - now), id}
"""
)

GIVE_BACK = (
    _TURNS
    + """
-- KEYS: state, turns, free turns.  ARGV: time, the turn.
redis.call('SADD', KEYS[3], ARGV[2])
local last = redis.call('LINDEX', KEYS[2], -1)
while last and moment(last) > now do
    local turn = words(last)
    if redis.call('SREM', KEYS[3], turn[2]) == 0 then break end
    redis.call('HSET', KEYS[1], 'full', table.concat(turn, ' ', 3))
    redis.call('RPOP', KEYS[2])
    last = redis.call('LINDEX', KEYS[2], -1)
end
keep(3600)
return {}
"""
)

HOLD = (
    _TURNS
    + """
-- KEYS: state, turns, free turns.  ARGV: time, seconds.
local held = tonumber(redis.call('HGET', KEYS[1], 'held') or '0')
redis.call('HSET', KEYS[1], 'held', text(math.max(held, now + tonumber(ARGV[2]))))
keep(math.max(3600, tonumber(ARGV[2])))
return {}
"""
)

CIRCUIT = (
    _TIME
    + """
-- KEYS: state, counts.  ARGV: time, what is asked, the rules, and of an attempt that has ended its
-- epoch, whether it failed and whether it was slow.
local asked = ARGV[2]
local failure_rate, min_calls, window = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local row_limit, slow_rate = tonumber(ARGV[6]), tonumber(ARGV[7])
local open_for, growth, open_max = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local probes, patience = tonumber(ARGV[11]), tonumber(ARGV[12])
local epoch, failed, slow = ARGV[13], ARGV[14] == '1', ARGV[15] == '1'

local known = {}
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do known[flat[i]] = flat[i + 1] end
local state = known.state or 'closed'
local function value(name) return tonumber(known[name] or '0') end
local function set(name, number)
    known[name] = text(number)
    redis.call('HSET', KEYS[1], name, known[name])
end
local function change(to)
    state = to
    redis.call('HSET', KEYS[1], 'state', to)
    set('epoch', value('epoch') + 1)
    for _, name in ipairs({'row', 'probing', 'succeeded'}) do set(name, 0) end
    redis.call('DEL', KEYS[2])
end
local function open()
    local seconds = open_for * math.min(growth, 32768) ^ math.min(value('openings'), 60)
    set('openings', value('openings') + 1)
    set('until', now + math.min(seconds, open_max))
    change('open')
end

local width = window / 10
local newest = math.floor(now / width)
local function totals()
    local calls, failures, slows = 0, 0, 0
    local counts = redis.call('HGETALL', KEYS[2])
    for i = 1, #counts, 2 do
        local kind, slot = string.sub(counts[i], 1, 1), tonumber(string.sub(counts[i], 2))
        if slot <= newest - 10 then
            redis.call('HDEL', KEYS[2], counts[i])
        elseif kind == 'c' then
            calls = calls + tonumber(counts[i + 1])
        elseif kind == 'f' then
            failures = failures + tonumber(counts[i + 1])
        else
            slows = slows + tonumber(counts[i + 1])
        end
    end
    return calls, failures, slows
end
local function count(kind)
    redis.call('HINCRBY', KEYS[2], kind .. string.format('%d', newest), 1)
end

local admitted = '-1'
if asked == 'enter' then
    if state == 'open' and now >= value('until') then change('half_open') end
    if state == 'half_open' then
        -- Whoever probes and never says what became of it has ended meanwhile.
        if value('probing') >= probes and now - value('probed') >= patience then
            set('probing', value('succeeded'))
        end
        if value('probing') < probes then
            set('probing', value('probing') + 1)
            set('probed', now)
            admitted = text(value('epoch'))
        end
    elseif state == 'closed' then
        admitted = text(value('epoch'))
    end
elseif tonumber(epoch) == value('epoch') then
    if asked == 'release' then
        if state == 'half_open' then set('probing', value('probing') - 1) end
    elseif state == 'closed' then
        set('row', failed and value('row') + 1 or 0)
        count('c')
        if failed then count('f') end
        if slow then count('s') end
        local calls, failures, slows = totals()
        if (row_limit > 0 and value('row') >= row_limit) or (calls >= min_calls and (
            failures >= calls * failure_rate or (slow_rate > 0 and slows >= calls * slow_rate)
        )) then open() end
    elseif failed or slow then
        open()
    else
        set('succeeded', value('succeeded') + 1)
        if value('succeeded') >= probes then
            set('openings', 0)
            change('closed')
        end
    end
end

for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, math.ceil((window + open_max + patience) * 1000) + 60000)
end
local calls, failures, slows = totals()
local wait = state == 'open' and math.max(0, value('until') - now) or 0
return {admitted, state, text(wait), calls, failures, slows}
"""
)
