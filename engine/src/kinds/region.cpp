// A place with nodes in it: a data center, a cloud region, a zone of one, or the city that users live in.
// What goes from place to place takes the time of the distance and is paid for by the byte.
#include "kinds/common.hpp"
#include "kinds/members.hpp"
#include "kinds/places.hpp"
#include "kinds/server_verbs.hpp"
#include "scale/places.hpp"
#include "sim/forecast.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace sim;

enum Param : int { place, latitude, longitude, detour, latency_least_ms, traffic_usd_per_gb, price_usd };

constexpr ParamRecord k_params[] = {
    {.code = 1,
     .id = "place",
     .name = {"Place", "위치"},
     .help = {"Where it stands on the globe.", "지구 위의 위치."},
     .type = ValueType::choice,
     .fallback = 1,
     .least = 0,
     .most = std::size(places::k_places) - 1,
     .choices = places::k_places},
    {.code = 2,
     .id = "latitude",
     .name = {"Latitude", "위도"},
     .help = {"Degrees north, when the place is given by coordinates.", "좌표로 정할 때의 북위(도)."},
     .fallback = 0,
     .least = -90,
     .most = 90,
     .unit = "°"},
    {.code = 3,
     .id = "longitude",
     .name = {"Longitude", "경도"},
     .help = {"Degrees east, when the place is given by coordinates.", "좌표로 정할 때의 동경(도)."},
     .fallback = 0,
     .least = -180,
     .most = 180,
     .unit = "°"},
    {.code = 4,
     .id = "detour",
     .name = {"Detour", "우회 계수"},
     .help =
         {"How much longer than the great circle the cables are, with the time in routers; between two "
          "places the mean of both counts.",
          "대권 거리보다 케이블이 돌아가는 배수(라우터에서 쓰는 시간 포함). 두 위치 사이에는 평균을 쓴다."},
     .fallback = 1.5,
     .least = 1,
     .most = 10,
     .section = {"Distance", "거리"}},
    {.code = 5,
     .id = "latency_least_ms",
     .name = {"At least", "최소 지연"},
     .help = {"One way to any other place takes at least this long, however near it is.",
              "다른 위치까지 가까워도 편도로 최소한 걸리는 시간."},
     .fallback = 0,
     .least = 0,
     .most = 10000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 6,
     .id = "traffic_usd_per_gb",
     .name = {"Traffic out", "나가는 트래픽 요금"},
     .help = {"USD for each GB that leaves for another place.", "다른 위치로 나가는 1 GB당 요금(USD)."},
     .fallback = 0.02,
     .least = 0,
     .most = 100,
     .unit = "USD",
     .logarithmic = true,
     .section = {"Price", "비용"}},
    {.code = 7,
     .id = "price_usd",
     .name = {"Standing price", "고정 비용"},
     .help = {"USD per month for the place itself: halls, links, staff.",
              "장소 자체의 월 비용(USD): 건물, 회선, 인력."},
     .fallback = 0,
     .least = 0,
     .most = 1000000000,
     .unit = "USD",
     .logarithmic = true},
};

// The places, after "everything".
struct Sides {
    Choice list[std::size(places::k_places) + 1];
};
constexpr Sides make_sides() {
    Sides made{};
    made.list[0] = {"everything", {"everything outside", "바깥 전부"}};
    for (std::size_t i = 0; i < std::size(places::k_places); ++i) made.list[i + 1] = places::k_places[i];
    return made;
}
constexpr Sides k_sides = make_sides();

constexpr ParamRecord k_side_params[] = {
    {.code = 1,
     .id = "from",
     .name = {"From", "상대"},
     .help = {"Which places it is cut off from, or joined with again.", "끊거나 다시 이을 상대 위치."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = std::size(k_sides.list) - 1,
     .choices = k_sides.list},
};

constexpr VerbRecord k_verbs[] = {
    {.code = 1,
     .id = "partition",
     .name = {"Cut off", "네트워크 분할"},
     .help = {"Nothing gets from here to there or back; inside everything goes on.",
              "상대와 오가는 통신이 모두 끊긴다. 안쪽은 그대로 돌아간다."},
     .params = k_side_params},
    {.code = 2,
     .id = "mend",
     .name = {"Join again", "분할 복구"},
     .help = {"Ends a partition; from everything ends all.",
              "네트워크 분할을 끝낸다. 바깥 전부를 고르면 모두 끝낸다."},
     .params = k_side_params},
    server::k_verbs[0],
    server::k_verbs[1],
};

constexpr MetricRecord k_metrics[] = {
    {"up",
     {"Up", "가동률"},
     {"Share of the time that the place was up.", "이 위치가 살아 있던 시간의 비율."},
     MetricFormat::ratio},
    {"sent_gb",
     {"Sent out", "나간 트래픽"},
     {"GB that left for other places.", "다른 위치로 나간 데이터(GB)."},
     MetricFormat::count},
    {"cut_edges",
     {"Ways cut", "끊긴 경로"},
     {"Ways that lead out of here and are cut now.", "밖으로 이어진 경로 가운데 지금 끊긴 수."},
     MetricFormat::count},
};

constexpr Words k_inaccuracies[] = {
    {"Latency is the great circle at two thirds of the speed of light times the detour; real cables differ "
     "by "
     "up to a factor of two.",
     "지연은 대권 거리를 빛의 속도의 3분의 2로 나눈 값에 우회 계수를 곱한 것이다. 실제 케이블은 최대 두 "
     "배까지 다르다."},
    {"Users stay when a place dies, and keep asking.", "장소가 죽어도 사용자는 남아서 계속 요청한다."},
    {"Every GB between two places costs the same, whoever it is for; what comes in is free.",
     "두 위치 사이의 트래픽 요금은 누구의 것이든 같고, 들어오는 쪽은 무료다."},
};

constexpr std::uint64_t k_everything = std::uint64_t{1} << 63;
constexpr double k_month_s = 30.4375 * 86400;

struct State {
    std::uint64_t cut_from; // a bit for each place; k_everything
    std::uint64_t ready;
};

places::Spot spot(const Sim& sim, NodeId id) {
    const auto chosen = static_cast<std::size_t>(sim.value(id, place));
    if (chosen != 0) return places::k_spots[chosen];
    return {sim.value(id, latitude), sim.value(id, longitude)};
}

Time apart(const Sim& sim, NodeId here, NodeId there) {
    const double km = places::distance_km(spot(sim, here), spot(sim, there));
    const double around = (sim.value(here, detour) + sim.value(there, detour)) / 2;
    const double ms = km / places::k_fibre_km_per_ms * around;
    const double least = std::max(sim.value(here, latency_least_ms), sim.value(there, latency_least_ms));
    return core::from_ms(std::max(ms, least));
}

// Whether a region has cut off a node that is not in it: all regions around that node count.
bool is_cut_from(const Sim& sim, NodeId region, NodeId outside) {
    const std::uint64_t cut_from = sim.state<State>(region).cut_from;
    if ((cut_from & k_everything) != 0) return true;
    for (NodeId at = sim.place[outside]; at != k_no_node; at = sim.place[at])
        if ((cut_from >> static_cast<unsigned>(sim.value(at, place)) & 1) != 0) return true;
    return false;
}

// A way is cut when a place around one of its ends, and not around the other, has cut off that other.
bool is_cut(const Sim& sim, NodeId from, NodeId to) {
    for (NodeId at = sim.place[from]; at != k_no_node; at = sim.place[at])
        if (!sim.within(to, at) && is_cut_from(sim, at, to)) return true;
    return false;
}

void renew_edges(Sim& sim) {
    for (std::size_t i = 0; i < sim.edges.size(); ++i) {
        const NodeId from = sim.edges[i].from;
        const NodeId to = sim.edges[i].to;
        if (sim.place[from] == k_no_node && sim.place[to] == k_no_node) continue;
        sim.set_cut(static_cast<EdgeId>(i), k_cut_place, is_cut(sim, from, to) || is_cut(sim, to, from));
    }
}

void configure(Sim& sim, NodeId id) {
    const bool first = sim.nodes[id].instances == 0;
    if (first) {
        sim.reserve_state(id, sizeof(State));
        station::resize(sim, id, {});
        return; // the edges have been measured by now
    }
    renew_edges(sim);
}

void verb(Sim& sim, NodeId id, const Command& command) {
    if (command.verb->code > k_verbs[1].code) {
        pass_down(sim, id, command);
        return;
    }
    State& state = sim.state<State>(id);
    const auto side = static_cast<unsigned>(command.settings.empty() ? k_side_params[0].fallback
                                                                     : command.settings.front().value);
    const std::uint64_t bits = side == 0 ? k_everything : std::uint64_t{1} << (side - 1);
    if (command.verb->code == k_verbs[0].code)
        state.cut_from |= bits;
    else
        state.cut_from &= side == 0 ? 0 : ~bits;
    renew_edges(sim);
}

double sent_bytes(const Sim& sim, NodeId id) {
    double sum = 0;
    for (const Edge& edge : sim.edges) {
        const NodeId from = sim.place[edge.from];
        const NodeId to = sim.place[edge.to];
        if (from == to || from == k_no_node || to == k_no_node) continue;
        if (from == id) sum += static_cast<double>(edge.out_bytes);
        if (to == id) sum += static_cast<double>(edge.back_bytes);
    }
    return sum * sim.scenario.weight;
}

double cut_edges(const Sim& sim, NodeId id) {
    double count = 0;
    for (const Edge& edge : sim.edges)
        if (edge.cut != 0 && sim.within(edge.from, id) != sim.within(edge.to, id)) ++count;
    return count;
}

double metric(const Sim& sim, NodeId id, int index) {
    if (index == 1) return sent_bytes(sim, id) / 1e9;
    if (index == 2) return cut_edges(sim, id);
    const double time = sim.measured_ns();
    return time > 0 ? std::min(1.0, sim.capacity(id).worker_time / time) : 1;
}

double cost(const Sim& sim, NodeId id) {
    const double seconds = sim.measured_ns() / 1e9;
    const double gb = seconds > 0 ? sent_bytes(sim, id) / 1e9 / seconds * k_month_s : 0;
    return sim.value(id, price_usd) + gb * sim.value(id, traffic_usd_per_gb);
}

void times(Forecast& here) {
    here.says({"great circle x detour", "대권 거리 × 우회 계수"}, Trust::exact, Trust::exact);
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .verb = verb,
    .apart = apart,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = {nullptr, times},
};

} // namespace

extern const KindRecord k_region;
const KindRecord k_region = {
    .code = 7,
    .id = "region",
    .name = {"Region", "리전"},
    .help = {"A data center or cloud region, and the users near it. Trips to other places take the time of "
             "the distance.",
             "데이터 센터나 클라우드 리전, 또는 그 근처의 사용자. 다른 위치까지는 거리만큼 시간이 걸린다."},
    .icon = "map-pin",
    .tier = Tier::group,
    .role = role_group,
    .holds = ~std::uint32_t{0},
    .params = k_params,
    .metrics = k_metrics,
    .verbs = k_verbs,
    .closed_form = {"One way between places: distance / 199.9 km per ms x detour.",
                    "위치 사이 편도 지연: 거리 / (199.9 km/ms) × 우회 계수."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind

std::optional<scale::GlobePoint> scale::point_on_globe(const NodeDef& node) {
    if (node.kind != &kind::k_region || node.values.size() <= kind::longitude) return std::nullopt;
    const auto chosen = static_cast<std::size_t>(node.values[kind::place]);
    if (chosen == 0) return GlobePoint{node.values[kind::latitude], node.values[kind::longitude]};
    if (chosen >= std::size(kind::places::k_spots)) return std::nullopt;
    const kind::places::Spot& spot = kind::places::k_spots[chosen];
    return GlobePoint{spot.latitude, spot.longitude};
}
