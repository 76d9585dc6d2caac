#include "particles.hpp"

#include <algorithm>
#include <cmath>

namespace scale::web {

namespace {

constexpr double k_units_per_s = 230; // how fast a particle crosses the board
constexpr double k_travel_least_s = 0.28, k_travel_most_s = 1.1;
constexpr double k_natural_most_s = 4; // of a hop that really takes long
constexpr std::size_t k_places = 1 << 14;
constexpr std::size_t k_probe = 6;
constexpr double k_units_each = 13; // of line per particle: more would be a smear
constexpr std::uint64_t k_step_spans = 400;
constexpr double k_crowd = 8; // times what is wanted: from there no new requests are followed
constexpr double k_seen_s = 4;

std::size_t spread(std::uint64_t request, std::uint32_t node) {
    std::uint64_t x = request * 0x9E3779B97F4A7C15ull + node * 0xC2B2AE3D27D4EB4Full;
    x ^= x >> 29;
    return static_cast<std::size_t>(x) & (k_places - 1);
}

ParticleShape shape_of(const Span& span) {
    if (span.phase == Phase::wire) return span.attempt ? ParticleShape::ring : ParticleShape::dot;
    switch (span.outcome) {
    case Outcome::failed: return ParticleShape::triangle;
    case Outcome::timed_out: return ParticleShape::cross;
    case Outcome::rejected: return ParticleShape::square;
    case Outcome::served: break;
    }
    return span.hit ? ParticleShape::diamond : ParticleShape::dot;
}

} // namespace

ImU32 particle_color(const Palette& colors, ParticleShape shape) {
    switch (shape) {
    case ParticleShape::ring: return colors.retry;
    case ParticleShape::triangle:
    case ParticleShape::square: return colors.failed;
    case ParticleShape::cross: return colors.timed_out;
    case ParticleShape::diamond: return colors.hit;
    case ParticleShape::dot: break;
    }
    return colors.served;
}

void ParticleStream::reset(const Scenario& scenario) {
    flights_.clear();
    places_.assign(k_places, {});
    edges_.clear();
    for (const EdgeDef& edge : scenario.edges) edges_.push_back({edge.from, edge.to});
    source_.clear();
    for (const NodeDef& node : scenario.nodes) source_.push_back((node.kind->role & role_client) != 0);
    travel_s_.assign(edges_.size(), static_cast<float>(k_travel_least_s));
    density_.assign(edges_.size(), {});
    last_seen_s_.fill(-1e9);
    clock_s_ = frame_s_ = step_until_s_ = density_s_ = 0;
    now_ = before_ = 0;
    spans_seen_ = 0;
    every_ = 1;
    births_per_s_ = 0;
    moving_ = rewound_ = started_ = false;
}

void ParticleStream::set_paths(std::span<const EdgePath> paths) {
    double sum = 0, length = 0;
    for (std::size_t i = 0; i < std::min(paths.size(), travel_s_.size()); ++i) {
        const double travel_s = std::clamp(static_cast<double>(paths[i].length()) / k_units_per_s,
                                           k_travel_least_s, k_travel_most_s);
        travel_s_[i] = static_cast<float>(travel_s);
        sum += travel_s;
        length += static_cast<double>(paths[i].length());
    }
    wanted_ = std::clamp(length / k_units_each, 16.0, k_flights_wanted);
    if (!travel_s_.empty())
        mean_travel_s_ = std::max(sum / static_cast<double>(travel_s_.size()), k_travel_least_s);
}

void ParticleStream::drop_landed() {
    std::erase_if(flights_, [this](const Flight& flight) { return flight.end_s <= clock_s_; });
}

void ParticleStream::advance(Time now, double elapsed_s, bool playing) {
    if (now < now_) { // rewound, or started anew
        flights_.clear();
        places_.assign(k_places, {});
        step_until_s_ = 0;
        rewound_ = true;
    }
    before_ = playing && started_ ? std::min(now_, now) : now;
    started_ = true;
    now_ = now;
    playing_ = playing;
    frame_s_ = std::clamp(elapsed_s, 0.0, 0.1);
    if (!playing) frame_s_ = std::clamp(step_until_s_ - clock_s_, 0.0, frame_s_);
    clock_s_ += frame_s_;
    drop_landed();
    moving_ = playing ? !flights_.empty() : clock_s_ < step_until_s_;
    if (clock_s_ - density_s_ < 1) return;
    density_s_ = clock_s_;
    for (Density& density : density_) {
        density.shown = density.counting;
        density.counting.fill(0);
    }
}

// The moment of display time at which something that began at `start` is shown: within the frame that shows
// it.
double ParticleStream::natural_start(Time start) const {
    if (frame_s_ <= 0 || now_ <= before_) return clock_s_;
    const double ago =
        start < now_ ? static_cast<double>(now_ - start) / static_cast<double>(now_ - before_) : 0;
    return clock_s_ - std::min(ago, 1.0) * frame_s_;
}

ParticleStream::Place* ParticleStream::find(std::uint64_t request, std::uint32_t node) {
    std::size_t slot = spread(request, node);
    for (std::size_t i = 0; i < k_probe; ++i, slot = (slot + 1) & (k_places - 1)) {
        Place& place = places_[slot];
        if (place.until_s >= 0 && place.request == request && place.node == node) return &place;
    }
    return nullptr;
}

// A place of its own, in the slot that has been idle for longest.
ParticleStream::Place& ParticleStream::keep(std::uint64_t request, std::uint32_t node) {
    if (Place* place = find(request, node)) return *place;
    std::size_t slot = spread(request, node), best = slot;
    for (std::size_t i = 0; i < k_probe; ++i, slot = (slot + 1) & (k_places - 1))
        if (places_[slot].until_s < places_[best].until_s) best = slot;
    places_[best] = {request, node, 0};
    return places_[best];
}

void ParticleStream::take(const Span& span) {
    if ((span.phase != Phase::wire && span.phase != Phase::reply) || span.edge >= edges_.size()) return;
    const bool back = span.phase == Phase::reply;
    const auto [from, to] = edges_[span.edge];
    const std::uint16_t leaves = back ? to : from, arrives = back ? from : to;
    const ParticleShape shape = shape_of(span);
    ++density_[span.edge].counting[static_cast<std::size_t>(shape)];
    const Place* ready = find(span.request, leaves);
    const double natural_s = natural_start(span.start);
    if (!ready && (back || leaves >= source_.size() || !source_[leaves] ||
                   static_cast<double>(flights_.size()) >= k_crowd * wanted_))
        return;
    if (flights_.size() >= k_flights_most) return;
    const double start_s = std::max(natural_s, ready ? ready->until_s : 0);
    double travel_s = static_cast<double>(travel_s_[span.edge]);
    if (now_ > before_ && frame_s_ > 0) {
        const double real_s =
            static_cast<double>(span.end - span.start) / static_cast<double>(now_ - before_) * frame_s_;
        travel_s = std::clamp(real_s, travel_s, k_natural_most_s);
    }
    if (!ready) keep(span.request, leaves).until_s = start_s;
    Place& next = keep(span.request, arrives);
    next.until_s = std::max(next.until_s, start_s + travel_s);
    flights_.push_back({start_s, start_s + travel_s, span.edge, back, shape});
    last_seen_s_[static_cast<std::size_t>(shape)] = start_s + travel_s;
    if (!playing_) {
        step_until_s_ = std::max(step_until_s_, start_s + travel_s);
        moving_ = true;
    }
}

// Watches fewer requests when more come by than can be shown, and more when fewer do.
void ParticleStream::adapt(std::uint64_t recorded) {
    if (frame_s_ <= 0 || !playing_) return;
    const double now_per_s = static_cast<double>(recorded) / frame_s_ * every_;
    const double share = births_per_s_ > 0 ? 1 - std::exp(-frame_s_ / 0.4) : 1;
    births_per_s_ += (now_per_s - births_per_s_) * share;
    const double wanted = births_per_s_ * mean_travel_s_ / wanted_;
    const double ratio = wanted / every_;
    if (ratio > 1.5 || (ratio < 0.6 && every_ > 1))
        every_ = static_cast<std::uint32_t>(std::clamp(std::ceil(wanted), 1.0, 1e9));
}

void ParticleStream::read(const World& world) {
    const std::uint64_t total = world.spans_total();
    if (total < spans_seen_ || rewound_) spans_seen_ = total;
    rewound_ = false;
    const std::uint64_t recorded = total - spans_seen_;
    if (!playing_ && recorded > k_step_spans) { // a leap, not a step: nothing of it is on its way now
        spans_seen_ = total;
        return;
    }
    std::uint64_t first = total - std::min<std::uint64_t>(recorded, k_spans);
    for (; first < total; ++first) take(world.span(first));
    spans_seen_ = total;
    adapt(recorded);
    moving_ = moving_ || (playing_ && !flights_.empty());
}

std::size_t ParticleStream::alive() const {
    return static_cast<std::size_t>(
        std::count_if(flights_.begin(), flights_.end(),
                      [this](const Flight& flight) { return flight.start_s <= clock_s_; }));
}

bool ParticleStream::seen(ParticleShape shape) const {
    return clock_s_ - last_seen_s_[static_cast<std::size_t>(shape)] < k_seen_s;
}

} // namespace scale::web
