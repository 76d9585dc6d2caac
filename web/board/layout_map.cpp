// Regions on the map: requests flow from top to bottom through each, side by side in rows that all of them
// share, as near under their places as they have room. What belongs to no region stands above or below.

#include "layout_map.hpp"

#include <algorithm>
#include <utility>

#include "world_map.hpp"

namespace scale::web {

namespace {

constexpr int k_lanes_most = 3;                        // cards side by side in one row of a container
constexpr double k_row_pitch = k_card_height + 56;     // from row to row
constexpr double k_wrapped_pitch = k_card_height + 24; // where a row goes on in the next line
constexpr double k_pin_room = 32;                      // from the lowest pin to the regions under it
constexpr double k_band_gap = 48;                      // between regions and what stands outside of them
constexpr double k_apart_degrees = 36; // of latitude: regions further south get rows of their own
constexpr double k_title_room = k_group_pad + k_group_title;

// For a handful: by insertion, so what is alike keeps its order.
template<class T, class Less>
void sort_few(std::vector<T>& list, Less less) {
    for (std::size_t i = 1; i < list.size(); ++i)
        for (std::size_t k = i; k > 0 && less(list[k], list[k - 1]); --k) std::swap(list[k], list[k - 1]);
}

// Cards of one container within a region: lanes of their own.
struct Block {
    std::vector<int> groups;            // inside of the region, outermost first
    std::vector<std::vector<int>> rows; // nodes from left to right
    double x = 0;                       // of the first lane, from the first lane of the region
    int lanes() const {
        std::size_t most = 1;
        for (const auto& row : rows) most = std::max(most, row.size());
        return std::min(static_cast<int>(most), k_lanes_most);
    }
    double width() const { return lanes() * (k_card_width + k_lane_gap) - k_lane_gap; }
    double pad() const { return k_group_pad * static_cast<double>(groups.size()); }
};

struct Region {
    int node = -1;
    Position pin;
    std::vector<Block> blocks;
    std::size_t rows = 0, depth = 1; // depth: containers around the innermost card, its own included
    bool sources = false;
    double width = 0, centre = 0; // with its frame
};

// The cards that are directly or indirectly in `region`, with the lines between them.
Scenario within(const Scenario& scenario, int region, std::vector<int>& nodes) {
    Scenario part;
    std::vector<int> index(scenario.nodes.size(), -1);
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
        if (is_group(scenario.nodes[i]) || region_of(scenario, static_cast<int>(i)) != region) continue;
        index[i] = static_cast<int>(nodes.size());
        nodes.push_back(static_cast<int>(i));
        part.nodes.push_back(scenario.nodes[i]);
        part.nodes.back().in.clear();
    }
    for (const EdgeDef& edge : scenario.edges) {
        if (index[edge.from] < 0 || index[edge.to] < 0) continue;
        part.edges.push_back(edge);
        part.edges.back().from = static_cast<std::uint16_t>(index[edge.from]);
        part.edges.back().to = static_cast<std::uint16_t>(index[edge.to]);
    }
    return part;
}

// Nodes of a part of the design in rows, each from left to right.
std::vector<std::vector<int>> in_rows(const Scenario& part, const std::vector<int>& nodes) {
    LayoutGraph graph = build_layers(part);
    reduce_crossings(graph);
    std::vector<std::vector<int>> rows;
    for (const auto& layer : graph.layers) {
        std::vector<int> row;
        for (int item : layer)
            if (const int node = graph.items[static_cast<std::size_t>(item)].node; node >= 0)
                row.push_back(nodes[static_cast<std::size_t>(node)]);
        if (!row.empty()) rows.push_back(std::move(row));
    }
    return rows;
}

Block& block_of(std::vector<Block>& blocks, std::vector<int> groups) {
    for (Block& block : blocks)
        if (block.groups == groups) return block;
    blocks.emplace_back().groups = std::move(groups);
    return blocks.back();
}

Region read_region(const Scenario& scenario, int node, GlobePoint place) {
    Region region;
    region.node = node;
    region.pin = place_on_map(place);
    std::vector<int> nodes;
    const Scenario part = within(scenario, node, nodes);
    const auto rows = in_rows(part, nodes);
    region.rows = rows.size();
    for (std::size_t r = 0; r < rows.size(); ++r)
        for (int card : rows[r]) {
            std::vector<int> groups = groups_of(scenario, card);
            groups.erase(groups.begin(), std::find(groups.begin(), groups.end(), node) + 1);
            region.depth = std::max(region.depth, groups.size() + 1);
            const NodeDef& def = scenario.nodes[static_cast<std::size_t>(card)];
            region.sources = region.sources || def.kind->tier == Tier::source;
            Block& block = block_of(region.blocks, std::move(groups));
            block.rows.resize(rows.size());
            block.rows[r].push_back(card);
        }
    // Those of one outer container side by side.
    sort_few(region.blocks, [](const Block& a, const Block& b) { return a.groups < b.groups; });
    double x = 0;
    for (Block& block : region.blocks) {
        block.x = x + block.pad();
        x = block.x + block.width() + block.pad() + k_lane_gap;
    }
    region.width = nodes.empty() ? 0 : x - k_lane_gap + 2 * k_group_pad;
    return region;
}

// Centres as near to the pins as the widths allow: neighbours that would overlap share what is missing.
void spread(std::vector<Region*>& regions) {
    sort_few(regions, [](const Region* a, const Region* b) { return a->pin.x < b->pin.x; });
    struct Pool {
        double sum = 0;
        int count = 0;
        double mean() const { return sum / count; }
    };
    std::vector<double> offsets;
    std::vector<Pool> pools;
    double offset = 0;
    for (std::size_t i = 0; i < regions.size(); ++i) {
        if (i) offset += (regions[i - 1]->width + regions[i]->width) / 2 + k_region_gap;
        offsets.push_back(offset);
        pools.push_back({regions[i]->pin.x - offset, 1});
        while (pools.size() > 1 && pools[pools.size() - 2].mean() >= pools.back().mean()) {
            pools[pools.size() - 2].sum += pools.back().sum;
            pools[pools.size() - 2].count += pools.back().count;
            pools.pop_back();
        }
    }
    std::size_t i = 0;
    for (const Pool& pool : pools)
        for (int k = 0; k < pool.count; ++k, ++i) regions[i]->centre = pool.mean() + offsets[i];
}

class MapLayout {
public:
    explicit MapLayout(const Scenario& scenario) : scenario_(scenario) {
        layout_.map = true;
        layout_.nodes.resize(scenario.nodes.size());
        layout_.layers.assign(scenario.nodes.size(), -1);
    }

    BoardLayout run() {
        for (std::size_t i = 0; i < scenario_.nodes.size(); ++i) {
            const auto place = point_on_globe(scenario_.nodes[i]);
            if (!place || region_of(scenario_, static_cast<int>(i)) >= 0) continue;
            regions_.push_back(read_region(scenario_, static_cast<int>(i), *place));
        }
        std::vector<Region*> order;
        for (Region& region : regions_)
            if (region.width > 0) order.push_back(&region);
        sort_few(order, [](const Region* a, const Region* b) { return a->pin.y < b->pin.y; });
        double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9;
        for (std::size_t first = 0; first < order.size();) {
            std::vector<Region*> band = next_band(order, first);
            first += band.size();
            spread(band);
            const double upper = place_band(band, bottom);
            top = std::min(top, upper);
            bottom = std::max(bottom, bottom_);
            for (const Region* region : band) {
                left = std::min(left, region->centre - region->width / 2);
                right = std::max(right, region->centre + region->width / 2);
                top = std::min(top, region->pin.y);
            }
        }
        if (order.empty()) left = k_world.x, right = k_world.right(), top = bottom = k_world.y;
        place_free((left + right) / 2, std::max(right - left, 4 * k_card_width), top, bottom);
        return std::move(layout_);
    }

private:
    // Regions that stand side by side: not wider than the world together, and not too far from north to
    // south.
    static std::vector<Region*> next_band(const std::vector<Region*>& order, std::size_t first) {
        std::vector<Region*> band{order[first]};
        const double lowest = order[first]->pin.y + k_apart_degrees / 130 * k_world.height;
        double width = order[first]->width;
        for (std::size_t i = first + 1; i < order.size(); ++i) {
            width += order[i]->width + k_region_gap;
            if (width > k_world.width * 1.1 || order[i]->pin.y > lowest) break;
            band.push_back(order[i]);
        }
        return band;
    }

    void put(int node, double x, double y, int row) {
        layout_.nodes[static_cast<std::size_t>(node)] = {snap(x), snap(y), k_card_width, k_card_height};
        layout_.layers[static_cast<std::size_t>(node)] = row;
    }

    // Below `above`; returns its upper edge and leaves its lower one in bottom_.
    double place_band(const std::vector<Region*>& band, double above) {
        std::size_t rows = 0, depth = 1;
        double lowest = -1e9;
        bool sources = false;
        for (const Region* region : band) sources = sources || region->sources;
        for (const Region* region : band) {
            rows = std::max(rows, region->rows + (sources && !region->sources));
            depth = std::max(depth, region->depth);
            lowest = std::max(lowest, region->pin.y);
        }
        const double upper = std::max(lowest + k_pin_room, above + k_band_gap);
        double y = upper + k_title_room * static_cast<double>(depth);
        const int first_row = row_;
        for (std::size_t r = 0; r < rows; ++r, ++row_) {
            int lines = 1;
            for (const Region* region : band)
                lines = std::max(lines, place_row(*region, r - (sources && !region->sources), y));
            y += (lines - 1) * k_wrapped_pitch + k_row_pitch;
        }
        row_ = std::max(row_, first_row + 1);
        bottom_ = y - (k_row_pitch - k_card_height) + k_group_pad * static_cast<double>(depth);
        return upper;
    }

    // One row of a region at a height; how many lines it takes.
    int place_row(const Region& region, std::size_t row, double y) {
        int lines = 1;
        if (row >= region.rows) return lines;
        const double left = region.centre - region.width / 2 + k_group_pad;
        for (const Block& block : region.blocks)
            for (std::size_t i = 0; i < block.rows[row].size(); ++i) {
                const int here = static_cast<int>(block.rows[row].size());
                const int spare = std::max(0, block.lanes() - here) / 2; // a lane, never between two
                const int line = static_cast<int>(i) / k_lanes_most,
                          lane = spare + static_cast<int>(i) % k_lanes_most;
                lines = std::max(lines, line + 1);
                put(block.rows[row][i], left + block.x + lane * (k_card_width + k_lane_gap),
                    y + line * k_wrapped_pitch, row_);
            }
        return lines;
    }

    // Where requests come from and are led to stands above the pins, everything else below the regions; other
    // containers below that.
    void place_free(double centre, double width, double top, double bottom) {
        std::vector<int> nodes;
        const Scenario part = within(scenario_, -1, nodes);
        std::vector<int> upper, lower;
        std::vector<Block> held; // by container
        for (const auto& row : in_rows(part, nodes))
            for (int node : row) {
                const Tier tier = scenario_.nodes[static_cast<std::size_t>(node)].kind->tier;
                std::vector<int> groups = groups_of(scenario_, node);
                if (!groups.empty()) {
                    Block& block = block_of(held, std::move(groups));
                    block.rows.resize(1);
                    block.rows[0].push_back(node);
                } else
                    (tier <= Tier::entry ? upper : lower).push_back(node);
            }
        // Names first, so that nothing stands between users and what they call.
        sort_few(upper, [&](int a, int b) { return names(a) > names(b); });
        row_ = 0x100; // no row of a region
        const double lines = static_cast<double>(lines_of(upper, width));
        place_line(upper, centre, width, top - k_pin_room - lines * k_wrapped_pitch);
        double y = bottom + k_band_gap;
        place_line(lower, centre, width, y);
        y += static_cast<double>(lines_of(lower, width)) * k_wrapped_pitch;
        for (const Block& block : held) {
            y += k_title_room * static_cast<double>(block.groups.size());
            place_line(block.rows[0], centre, width, y);
            y += static_cast<double>(lines_of(block.rows[0], width)) * k_wrapped_pitch + block.pad();
        }
    }
    bool names(int node) const {
        return scenario_.nodes[static_cast<std::size_t>(node)].kind->tier == Tier::naming;
    }

    static constexpr double k_free_pitch = k_card_width + k_column_gap;
    static std::size_t in_line(double width) {
        return static_cast<std::size_t>(std::max(1.0, (width + k_column_gap) / k_free_pitch));
    }
    static std::size_t lines_of(const std::vector<int>& nodes, double width) {
        return (nodes.size() + in_line(width) - 1) / in_line(width);
    }
    // Cards side by side around a centre, in as many lines as the width asks for.
    void place_line(const std::vector<int>& nodes, double centre, double width, double y) {
        const std::size_t most = in_line(width);
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            const std::size_t line = i / most, here = std::min(most, nodes.size() - line * most);
            const double left = centre - (static_cast<double>(here) * k_free_pitch - k_column_gap) / 2;
            put(nodes[i], left + static_cast<double>(i % most) * k_free_pitch,
                y + static_cast<double>(line) * k_wrapped_pitch, row_ + static_cast<int>(line));
        }
        row_ += 0x10;
    }

    const Scenario& scenario_;
    BoardLayout layout_;
    std::vector<Region> regions_;
    double bottom_ = 0;
    int row_ = 0;
};

} // namespace

int region_of(const Scenario& scenario, int node) {
    for (int group : groups_of(scenario, node))
        if (point_on_globe(scenario.nodes[static_cast<std::size_t>(group)])) return group;
    return -1;
}

BoardLayout map_from_scratch(const Scenario& scenario) { return MapLayout(scenario).run(); }

bool stands_on_map(const Scenario& scenario) {
    std::optional<GlobePoint> first;
    bool apart = false, elsewhere = false;
    std::size_t cards = 0, held = 0;
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
        const NodeDef& node = scenario.nodes[i];
        if (node.at && on_map_ground(*node.at)) return may_stand_on_map(scenario);
        elsewhere = elsewhere || node.at.has_value();
        if (is_group(node)) continue;
        ++cards;
        const int region = region_of(scenario, static_cast<int>(i));
        if (region < 0) continue;
        ++held;
        const auto place = point_on_globe(scenario.nodes[static_cast<std::size_t>(region)]);
        if (!first) first = place;
        apart = apart || first != place;
    }
    return apart && !elsewhere && held * 2 >= cards;
}

bool may_stand_on_map(const Scenario& scenario) {
    return std::any_of(scenario.nodes.begin(), scenario.nodes.end(),
                       [](const NodeDef& node) { return point_on_globe(node).has_value(); });
}

} // namespace scale::web
