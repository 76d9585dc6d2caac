#include "kinds/cdn_theory.hpp"

#include "kinds/keeper_theory.hpp"

namespace scale::kind::cdn {

using namespace sim;

namespace {

KeptKeys kept_by(const Forecast& here) {
    KeptKeys out;
    const double bytes = here.value("memory_gb") * 1e6;
    const double each = here.value("object_kb") > 0 ? here.value("object_kb") : 1;
    out.items = bytes > 0 ? bytes / each : here.value("items");
    out.shelves = here.value("points");
    out.apart = true;
    out.ttl_s = here.value("ttl_s");
    out.policy = static_cast<int>(here.value("policy"));
    out.keeps = {here.value("pages") != 0, false, here.value("assets") != 0, here.value("api") != 0};
    return out;
}

} // namespace

void flows(Forecast& here) {
    const HitShares shares = hit_shares(here, kept_by(here));
    for (std::size_t i = 0; i < k_classes; ++i) {
        const auto asked = static_cast<RequestClass>(i);
        here.hit(asked, hit_share(here, shares, i), shares[i]);
        const EdgeId way = way_back(here, asked);
        if (way != k_no_edge) here.send_missing(way, asked, 1);
    }
}

void times(Forecast& here) {
    core::Laws& laws = here.laws();
    here.says({"Che's approximation", "체(Che) 근사"}, Trust::approximate, Trust::approximate);
    const KeptKeys kept = kept_by(here);
    double kept_in = 0, found = 0;
    for (std::size_t i = 0; i < k_classes; ++i) {
        const auto asked = static_cast<RequestClass>(i);
        const double hit = here.hit_of(asked);
        if (kept.keeps[i]) {
            kept_in += here.in().per_s[i];
            found += here.in().per_s[i] * hit;
        }
        const EdgeId way = way_back(here, asked);
        if (way == k_no_edge) {
            here.answer(asked, 0, hit);
            continue;
        }
        const Reply reply = here.call(way, asked);
        const core::Part parts[] = {{hit, 0}, {(1 - hit) * reply.served, reply.law}};
        here.answer(asked, laws.mix(parts), hit + (1 - hit) * reply.served);
    }
    here.metric("hit_ratio", kept_in > 0 ? found / kept_in : 0);
}

} // namespace scale::kind::cdn
