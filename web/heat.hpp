#pragma once
// How busy each instance was, second by second, as far as it was seen: the engine keeps no such history.

#include <cstdint>
#include <vector>

#include "session.hpp"

namespace scale::web {

inline constexpr std::size_t k_heat_rows = 64, k_heat_columns = 480;

// 0..100 is the mean share in use, in percent; above that it is a state.
enum HeatCell : std::uint8_t {
    heat_most = 100,
    heat_ejected,
    heat_draining,
    heat_booting,
    heat_dead,
    heat_none
};

struct HeatColumn {
    double at_s = 0;
    std::vector<float> sum; // of the shares in use that were seen
    std::vector<InstanceState> state;
    int seen = 0;
    std::uint8_t cell(std::size_t row) const; // HeatCell
};

class HeatHistory {
public:
    // Looks at the run; once a frame.
    void look(const Session& session);
    // Of a node, in order of time; empty where it has one instance only.
    const std::vector<HeatColumn>& of(int node) const;
    bool any(int node) const { return !of(node).empty(); }
    double every_s() const { return every_s_; } // what a column stands for

private:
    void forget_after(double at_s);
    std::vector<std::vector<HeatColumn>> nodes_;
    std::uint64_t design_ = 0, link_ = 0;
    double every_s_ = 1;
    double looked_s_ = -1;
};

} // namespace scale::web
