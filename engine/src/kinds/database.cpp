// A relational database on one machine: a pool of connections, cores, and a disk behind a buffer pool that
// holds real keys.
#include "kinds/common.hpp"
#include "kinds/database_theory.hpp"
#include "sim/station.hpp"

namespace scale::kind {

namespace {

using namespace sim;

enum Param : int {
    connections,
    cores,
    read_ms,
    write_ms,
    service,
    service_cv,
    queue_limit,
    memory_items,
    disk_ms,
    disk_parallel,
    answer_kb,
    price_usd
};

constexpr ParamRecord k_params[] = {
    {.code = 1,
     .id = "connections",
     .name = {"Connections", "연결 수"},
     .help = {"Queries that it takes on at once; others wait for a connection.",
              "동시에 받는 질의 수. 나머지는 연결이 날 때까지 기다린다."},
     .type = ValueType::whole,
     .fallback = 8,
     .least = 1,
     .most = 10000,
     .logarithmic = true,
     .section = {"Size", "규모"}},
    {.code = 2,
     .id = "cores",
     .name = {"Cores", "코어"},
     .help = {"CPU cores; 0 is one per connection.", "CPU 코어 수. 0이면 연결마다 하나."},
     .type = ValueType::whole,
     .fallback = 0,
     .least = 0,
     .most = 256,
     .logarithmic = true},
    {.code = 3,
     .id = "read_ms",
     .name = {"Read", "읽기"},
     .help = {"CPU time of a read whose data is in memory.", "데이터가 메모리에 있을 때 읽기의 CPU 시간."},
     .fallback = 5,
     .least = 0,
     .most = 600000,
     .unit = "ms",
     .logarithmic = true,
     .section = {"Work", "처리"}},
    {.code = 4,
     .id = "write_ms",
     .name = {"Write", "쓰기"},
     .help = {"Time of a write, its log record on disk included.",
              "로그를 디스크에 쓰는 것까지 포함한 쓰기 시간."},
     .fallback = 10,
     .least = 0,
     .most = 600000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 5,
     .id = "service",
     .name = {"Distribution", "분포"},
     .help = {"How service times are spread.", "처리 시간이 퍼진 모양."},
     .type = ValueType::choice,
     .fallback = k_exponential,
     .least = 0,
     .most = 5,
     .choices = k_shapes},
    {.code = 6,
     .id = "service_cv",
     .name = {"Spread (cv)", "변동 계수"},
     .help = {"Deviation / mean, for the distributions that leave it open.",
              "표준편차/평균. 분포가 정하지 않는 경우에 쓴다."},
     .fallback = 1,
     .least = 0,
     .most = 10},
    {.code = 7,
     .id = "queue_limit",
     .name = {"Queue limit", "큐 길이 한도"},
     .help = {"Queries that may wait for a connection; more are rejected.",
              "연결을 기다릴 수 있는 질의 수. 넘치면 거절한다."},
     .type = ValueType::whole,
     .fallback = 1000,
     .least = 0,
     .most = 1000000,
     .logarithmic = true},
    {.code = 8,
     .id = "memory_items",
     .name = {"Rows in memory", "메모리의 행"},
     .help = {"Size of the buffer pool in rows, least recently used out first; 0 keeps everything in memory.",
              "버퍼 풀에 담기는 행의 수. 가장 오래 쓰지 않은 것부터 내보낸다. 0이면 전부 메모리에 있다."},
     .type = ValueType::whole,
     .fallback = 0,
     .least = 0,
     .most = 4000000,
     .logarithmic = true,
     .section = {"Disk", "디스크"}},
    {.code = 9,
     .id = "disk_ms",
     .name = {"Disk read", "디스크 읽기"},
     .help = {"Time of a random read when the row is not in memory.",
              "행이 메모리에 없을 때 임의 읽기 한 번의 시간."},
     .fallback = 8,
     .least = 0,
     .most = 60000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 10,
     .id = "disk_parallel",
     .name = {"Disk reads at once", "동시 디스크 읽기"},
     .help = {"1 is a single spindle, SSDs do dozens.", "하드 디스크 하나는 1, SSD는 수십 개."},
     .type = ValueType::whole,
     .fallback = 1,
     .least = 1,
     .most = 256,
     .logarithmic = true},
    {.code = 11,
     .id = "answer_kb",
     .name = {"Answer size", "응답 크기"},
     .help = {"Bytes of an answer, for edges with a bandwidth.",
              "응답의 크기. 대역폭이 있는 경로에서 쓰인다."},
     .fallback = 4,
     .least = 0,
     .most = 1000000,
     .unit = "kB",
     .logarithmic = true,
     .section = {"Rest", "기타"}},
    {.code = 12,
     .id = "price_usd",
     .name = {"Price", "가격"},
     .help = {"USD per month; 0 is the list price, by cores.", "월 가격(USD). 0이면 코어 수에 따른 정가."},
     .fallback = 0,
     .least = 0,
     .most = 1000000,
     .unit = "USD",
     .logarithmic = true},
};

constexpr MetricRecord k_metrics[] = {
    {"memory_hit_ratio",
     {"Found in memory", "메모리 적중률"},
     {"Share of reads that needed no disk.", "디스크를 읽지 않은 읽기의 비율."},
     MetricFormat::ratio},
    {"disk_busy",
     {"Disk busy", "디스크 사용률"},
     {"Share of time that the disk was reading.", "디스크가 읽고 있던 시간의 비율."},
     MetricFormat::ratio},
    {"reads", {"Reads", "읽기"}, {"Reads answered.", "응답한 읽기 수."}, MetricFormat::count},
    {"writes", {"Writes", "쓰기"}, {"Writes answered.", "응답한 쓰기 수."}, MetricFormat::count},
};

constexpr Words k_inaccuracies[] = {
    {"Transactions, locks and deadlocks are not modelled; every query is one unit of work.",
     "트랜잭션, 잠금, 교착 상태는 다루지 않는다. 질의 하나가 한 단위의 일이다."},
    {"Pages written back from the buffer pool take no disk time.",
     "버퍼 풀에서 되쓰는 페이지는 디스크 시간을 쓰지 않는다."},
};

enum Stage : std::uint8_t { at_cpu = 0, at_disk = 1 };

struct State {
    Distribution disk;
    std::uint64_t hits, misses, reads, writes;
    double disk_time; // ns that there were to read in, up to disk_since
    Time disk_since;
    std::uint32_t disk_cpu, store; // store: number in Sim::stores + 1, 0 is none
    std::uint32_t answer_bytes, capacity;
    std::uint32_t ready, padding;
};

void size_buffer_pool(Sim& sim, NodeId id, State& state) {
    const auto wanted = static_cast<std::uint32_t>(sim.value(id, memory_items));
    if (wanted == state.capacity) return;
    state.capacity = wanted;
    if (wanted == 0) return;
    if (state.store == 0) {
        sim.stores.emplace_back();
        state.store = static_cast<std::uint32_t>(sim.stores.size());
    }
    sim.stores[state.store - 1] = core::KeyStore(wanted, core::Eviction::lru, sim.streams[id].route);
}

// Arms times ns since the end of the warm-up, however often their number changed.
double disk_time(const Sim& sim, const State& state) {
    const Time since = state.disk_since > sim.measured_from ? state.disk_since : sim.measured_from;
    return state.disk_time + static_cast<double>(sim.now - since) * sim.cpus[state.disk_cpu].cores;
}

void configure(Sim& sim, NodeId id) {
    sim.reserve_state(id, sizeof(State));
    State& state = sim.state<State>(id);
    if (state.ready == 0) {
        state.disk_cpu = sim.add_cpu(1, false);
        state.ready = 1;
    }
    const auto value = [&](Param param) { return sim.value(id, param); };
    for (unsigned i = 0; i < k_classes; ++i) {
        const bool writes = static_cast<RequestClass>(i) == RequestClass::write;
        sim.demand(id, i) =
            distribution(value(service), value(writes ? write_ms : read_ms), value(service_cv));
    }
    state.disk = distribution(value(service), value(disk_ms), value(service_cv));
    state.answer_bytes = static_cast<std::uint32_t>(value(answer_kb) * 1000);
    state.disk_time = disk_time(sim, state);
    state.disk_since = sim.now;
    sim.set_cores(state.disk_cpu, static_cast<std::uint32_t>(value(disk_parallel)));
    size_buffer_pool(sim, id, state);
    station::Size size;
    size.workers = static_cast<std::uint32_t>(value(connections));
    size.cores = value(cores) == 0 ? size.workers : static_cast<std::uint32_t>(value(cores));
    size.queue_limit = static_cast<std::uint32_t>(value(queue_limit));
    station::resize(sim, id, size);
}

// Looks the row up in the buffer pool and brings it in.
bool in_memory(Sim& sim, State& state, std::uint32_t key) {
    if (state.capacity == 0) return true;
    core::KeyStore& pool = sim.stores[state.store - 1];
    const std::uint32_t entry = pool.find(key);
    if (entry != core::KeyStore::k_none) {
        pool.touch(entry);
        return true;
    }
    pool.insert(key, {});
    return false;
}

void finish(Sim& sim, Request& request, Frame& here, State& state) {
    ++(request.is_write() ? state.writes : state.reads);
    if (!request.is_write())
        request.version = sim.latest(request.key);
    else if (request.version == 0) // otherwise a cache has acknowledged it long ago
        request.version = sim.commit(request.key);
    request.bytes = state.answer_bytes;
    station::finish(sim, request, here, Outcome::served);
}

void worked(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    if (here.stage == at_disk) {
        finish(sim, request, here, state);
        return;
    }
    const bool hit = in_memory(sim, state, request.key);
    const bool reads_disk = !hit && !request.is_write();
    if (!request.is_write()) ++(hit ? state.hits : state.misses);
    if (!reads_disk) {
        finish(sim, request, here, state);
        return;
    }
    here.stage = at_disk;
    station::work_on(sim, request, state.disk_cpu, state.disk.draw(sim.streams[here.node].service));
}

// A restarted database begins with an empty buffer pool.
void life(Sim& sim, NodeId id, int, bool alive) {
    State& state = sim.state<State>(id);
    if (alive && state.capacity != 0) sim.stores[state.store - 1].clear();
}

void measure(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    state.hits = state.misses = state.reads = state.writes = 0;
    state.disk_time = 0;
}

double metric(const Sim& sim, NodeId id, int index) {
    const State& state = sim.state<State>(id);
    const auto looked = static_cast<double>(state.hits + state.misses);
    switch (index) {
    case 0: return looked > 0 ? static_cast<double>(state.hits) / looked : 1;
    case 1: {
        const Cpu& disk = sim.cpus[state.disk_cpu];
        const double area = static_cast<double>(disk.busy.at(sim.now, disk.in_use()));
        const double time = disk_time(sim, state);
        return area == 0 ? 0 : area < time ? area / time : 1;
    }
    case 2: return static_cast<double>(state.reads) * sim.scenario.weight;
    default: return static_cast<double>(state.writes) * sim.scenario.weight;
    }
}

double cost(const Sim& sim, NodeId id) {
    if (sim.nodes[id].machine_cpu != k_none) return 0; // the machine is paid for
    if (sim.value(id, price_usd) > 0) return sim.value(id, price_usd);
    const double used = sim.value(id, cores) > 0 ? sim.value(id, cores) : sim.value(id, connections);
    return used * price::k_database_core + sim.value(id, memory_items) / 1e6 * price::k_memory_million_items;
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .arrive = station::enter_by_class,
    .worked = worked,
    .dropped = station::dropped,
    .life = life,
    .measure = measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = database::k_theory,
};

} // namespace

extern const KindRecord k_database;
const KindRecord k_database = {
    .code = 5,
    .id = "database",
    .name = {"Database", "데이터베이스"},
    .help = {"Keeps the data: answers reads and writes over a limited number of connections.",
             "데이터를 보관한다. 정해진 수의 연결로 읽기와 쓰기를 처리한다."},
    .icon = "database",
    .tier = Tier::store,
    .role = role_store,
    .params = k_params,
    .metrics = k_metrics,
    .closed_form = {"M/M/c (Erlang C) with everything in memory.", "전부 메모리에 있으면 M/M/c(얼랑 C)."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
