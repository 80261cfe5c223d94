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
local function numbers(texts, first, count)
    local found = {}
    for i = 1, count do found[i] = tonumber(texts[first + i - 1] or '0') end
    return found
end
local function moment(turn) return tonumber(words(turn)[1]) end
local function held_until() return tonumber(redis.call('HGET', KEYS[1], 'held') or '0') end
local function keep(seconds)
    -- What nobody asks for any more is forgotten, some time after it matters.
    for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, math.ceil(seconds * 1000) + 60000) end
end
"""
)

# Limits stand in ARGV as the number of buckets, their fills, the number of windows, their calls and
# seconds.
_LIMITS = (
    _TURNS
    + """
local function limits_at(place)
    local found = {ones = {}, mosts = {}, calls = {}, seconds = {}, kept = 1, longest = 0}
    for i = 1, tonumber(ARGV[place]) do
        found.ones[i], found.mosts[i] = tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2])
        place = place + 2
    end
    place = place + 1
    for i = 1, tonumber(ARGV[place]) do
        local calls, seconds = tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2])
        place = place + 2
        found.calls[i], found.seconds[i] = calls, seconds
        found.kept = math.max(found.kept, calls)
        found.longest = math.max(found.longest, seconds)
    end
    return found
end
local function next_moment(limits, held, full)
    local at = math.max(now, held)
    local last = redis.call('LINDEX', KEYS[2], -1)
    if last then at = math.max(at, moment(last)) end
    for i, most in ipairs(limits.mosts) do at = math.max(at, full[i] - most) end
    for i, calls in ipairs(limits.calls) do
        local first = redis.call('LINDEX', KEYS[2], -calls)
        if first then at = math.max(at, moment(first) + limits.seconds[i]) end
    end
    return at
end
local function put(limits, at, id, full)
    local before, after = {}, {}
    for i, one in ipairs(limits.ones) do
        before[i], after[i] = text(full[i]), math.max(full[i], at) + one
    end
    redis.call('RPUSH', KEYS[2], text(at) .. ' ' .. id .. ' ' .. table.concat(before, ' '))
    return after
end
local function note_full(full)
    local texts = {}
    for i, each in ipairs(full) do texts[i] = text(each) end
    redis.call('HSET', KEYS[1], 'full', table.concat(texts, ' '))
end
"""
)

RESERVE = (
    _LIMITS
    + """
-- KEYS: state, turns, free turns.  ARGV: time, patience, the turn that has been waited for or 0,
-- limits.
local held, again = held_until(), ARGV[3]
if again ~= '0' then
    -- A hundredth of a second is no wait: the clocks of who waits and of this server differ.
    local moved, slack = redis.call('HGET', KEYS[1], 'at:' .. again), 0
    if moved then
        if tonumber(moved) > now + 0.01 then return {text(tonumber(moved) - now), again} end
        redis.call('HDEL', KEYS[1], 'at:' .. again)
        slack = 0.01
    end
    if held <= now + slack then return {'0', ''} end
end

local limits = limits_at(4)
local full = numbers(words(redis.call('HGET', KEYS[1], 'full') or ''), 1, #limits.ones)
local at = next_moment(limits, held, full)
local patience = tonumber(ARGV[2])
if patience and at > now and at - now >= patience then return {'-1', ''} end

local id = redis.call('HINCRBY', KEYS[1], 'number', 1) .. ':' .. text(at)
local after, longest = put(limits, at, id, full), limits.longest
note_full(after)
for i, one in ipairs(limits.ones) do longest = math.max(longest, full[i] + one - now) end
local function is_over(turn) return turn and moment(turn) <= now end
while is_over(redis.call('LINDEX', KEYS[2], limits.kept)) do redis.call('LPOP', KEYS[2]) end
keep(math.max(longest, at - now, held - now))
return {text(at - now), id}
"""
)

GIVE_BACK = (
    _TURNS
    + """
-- KEYS: state, turns, free turns.  ARGV: time, the turn.
redis.call('SADD', KEYS[3], ARGV[2])
redis.call('HDEL', KEYS[1], 'at:' .. ARGV[2])
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
    _LIMITS
    + """
-- KEYS: state, turns, free turns.  ARGV: time, seconds, limits.
local held, latest = now + tonumber(ARGV[2]), now
if held > held_until() then
    redis.call('HSET', KEYS[1], 'held', text(held))
    local limits, waiting = limits_at(3), {}
    local last = redis.call('LINDEX', KEYS[2], -1)
    while last and moment(last) > now do
        table.insert(waiting, words(redis.call('RPOP', KEYS[2])))
        last = redis.call('LINDEX', KEYS[2], -1)
    end
    if #waiting > 0 then
        local full = numbers(waiting[#waiting], 3, #limits.ones)
        for i = #waiting, 1, -1 do
            local turn = waiting[i]
            if redis.call('SREM', KEYS[3], turn[2]) == 0 then
                latest = math.max(tonumber(turn[1]), next_moment(limits, held, full))
                full = put(limits, latest, turn[2], full)
                redis.call('HSET', KEYS[1], 'at:' .. turn[2], text(latest))
            end
        end
        note_full(full)
    end
end
keep(math.max(3600, held - now, latest - now))
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
        -- Whoever probes and does not say what became of it may have ended meanwhile.
        if value('probing') >= probes and now - value('probed') >= patience then
            change('half_open')
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
