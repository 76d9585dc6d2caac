// Failures at random: every instance is up for an exponential time, then down for another, by the node's own
// stream. What takes a group down and what takes a member down are told apart, so that the repair of a region
// does not mend a server that has a fault of its own.
#include "sim/sim.hpp"

#include <algorithm>

namespace scale::sim {

namespace {

constexpr double k_least_mtbf_ns = 1e9; // more often than once a second is no failure but a way of life
constexpr RequestId k_broken = 0;       // Slot::request while the instance is down by chance

} // namespace

// A bit of its own for each group around an instance, and for itself.
std::uint8_t Sim::own_cause(NodeId id) const {
    unsigned depth = 1;
    for (NodeId around = group[id]; around != k_no_node; around = group[around]) ++depth;
    static_assert((k_dead << (limits::k_groups_deep + 1)) < k_booting, "a bit each");
    return static_cast<std::uint8_t>(1u << depth);
}

void Sim::fail_at_random(NodeId id, int only, double mtbf_s, double mttr_s) {
    Failing& rule = failing[id];
    rule.mtbf_ns = mtbf_s > 0 ? std::max(mtbf_s * 1e9, k_least_mtbf_ns) : 0;
    rule.mttr_ns = mttr_s * 1e9;
    rule.whole = only < 0 && mtbf_s > 0 ? 1 : 0;
    for (SlotId slot = 0; slot < slots.size(); ++slot) {
        Slot& seen = slots[slot];
        if (seen.handler != Handler::failure || seen.owner != id) continue;
        if (only >= 0 && seen.channel != only) continue;
        if (seen.request == k_broken) continue; // its repair is on its way
        queue.cancel(slot);
        seen.handler = Handler::free;
    }
    if (mtbf_s <= 0) return;
    if (only >= 0)
        add_failures(id, static_cast<std::uint32_t>(only), static_cast<std::uint32_t>(only) + 1);
    else
        add_failures(id, 0, nodes[id].instances);
}

void Sim::include_new_in_failures(NodeId id) {
    if (id < failing.size() && failing[id].whole != 0) add_failures(id, 0, nodes[id].instances);
}

// One slot for each instance that has none yet; those of earlier processes that ended are used again.
void Sim::add_failures(NodeId id, std::uint32_t first, std::uint32_t end) {
    std::vector<char> has(end, 0);
    std::vector<SlotId> unused;
    for (SlotId slot = 0; slot < slots.size(); ++slot) {
        const Slot& seen = slots[slot];
        if (slot != timer_slot && seen.handler == Handler::free) unused.push_back(slot);
        if (seen.handler == Handler::failure && seen.owner == id && seen.channel < end) has[seen.channel] = 1;
    }
    for (std::uint32_t i = first; i < end; ++i) {
        if (has[i] != 0) continue;
        SlotId slot = unused.empty() ? add_slot(Handler::failure, id) : unused.back();
        if (!unused.empty()) unused.pop_back();
        slots[slot] = Slot{};
        slots[slot].handler = Handler::failure;
        slots[slot].owner = id;
        slots[slot].channel = static_cast<std::uint16_t>(i);
        queue.schedule(slot, in(core::from_ns(streams[id].failure.exponential() * failing[id].mtbf_ns)));
    }
}

void Sim::due_failure(SlotId slot) {
    const auto id = static_cast<NodeId>(slots[slot].owner);
    const std::uint32_t which = slots[slot].channel;
    const Failing& rule = failing[id];
    const bool there = which < nodes[id].instances;
    if (slots[slot].request == k_broken) {
        slots[slot].request = k_none;
        if (rule.mtbf_ns == 0) {
            queue.cancel(slot);
            slots[slot].handler = Handler::free;
        } else {
            queue.schedule(slot, in(core::from_ns(streams[id].failure.exponential() * rule.mtbf_ns)));
        }
        if (there) restore(id, static_cast<int>(which), own_cause(id));
        return;
    }
    // Killed by hand, or removed: there is nothing that could fail.
    const bool breaks = there && instance(id, which).dead == 0;
    if (breaks) slots[slot].request = k_broken;
    const double mean = breaks ? rule.mttr_ns : rule.mtbf_ns;
    queue.schedule(slot, in(core::from_ns(streams[id].failure.exponential() * mean)));
    if (breaks) kill(id, static_cast<int>(which), own_cause(id));
}

} // namespace scale::sim
