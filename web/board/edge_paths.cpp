#include "edge_paths.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace scale::web {

namespace {

constexpr float k_clear = 10;       // between a line and a card that it passes
constexpr float k_port_spread = 10; // between lines that leave a card on the same side
constexpr float k_port_room = 40;   // of a side that they share
constexpr std::size_t k_crowd = 5;  // lines on one side from which one arrow head stands for all
constexpr float k_step = 7;         // between points of a line

enum class Side { left, right, top, bottom };

struct End {
    int edge;
    bool start;
    float key; // where the other end lies along the side
};

struct Ends {
    Side from = Side::right, to = Side::left;
    float from_shift = 0, to_shift = 0;
    bool arrow = true;
    bool around = false; // out at one side and back in again: something stands between the two
};

float mid_x(const Box& box) { return static_cast<float>(box.centre_x()); }
float mid_y(const Box& box) { return static_cast<float>(box.centre_y()); }

Spot port(const Box& box, Side side, float shift) {
    switch (side) {
    case Side::left: return {static_cast<float>(box.x), mid_y(box) + shift};
    case Side::right: return {static_cast<float>(box.right()), mid_y(box) + shift};
    case Side::top: return {mid_x(box) + shift, static_cast<float>(box.y)};
    case Side::bottom: break;
    }
    return {mid_x(box) + shift, static_cast<float>(box.bottom())};
}

Spot outward(Side side) {
    switch (side) {
    case Side::left: return {-1, 0};
    case Side::right: return {1, 0};
    case Side::top: return {0, -1};
    case Side::bottom: break;
    }
    return {0, 1};
}

Spot cubic(Spot a, Spot b, Spot c, Spot d, float t) {
    const float u = 1 - t, wa = u * u * u, wb = 3 * u * u * t, wc = 3 * u * t * t, wd = t * t * t;
    return {wa * a.x + wb * b.x + wc * c.x + wd * d.x, wa * a.y + wb * b.y + wc * c.y + wd * d.y};
}

float reach(Spot a, Spot b) { return std::hypot(b.x - a.x, b.y - a.y); }

// A curve from one point to another that leaves and arrives in the given directions.
void bend(std::vector<Spot>& points, Spot from, Spot leave, Spot to, Spot arrive) {
    const float forward = std::abs((to.x - from.x) * leave.x + (to.y - from.y) * leave.y);
    const float handle = std::max(forward * 0.5f, std::min(40.0f, reach(from, to) * 0.35f));
    const Spot b{from.x + leave.x * handle, from.y + leave.y * handle};
    const Spot c{to.x + arrive.x * handle, to.y + arrive.y * handle};
    const bool straight = (leave.x != 0 && from.y == to.y) || (leave.y != 0 && from.x == to.x);
    const int pieces = straight ? 1 : std::clamp(static_cast<int>(reach(from, to) / k_step), 8, 64);
    if (points.empty()) points.push_back(from);
    for (int i = 1; i <= pieces; ++i)
        points.push_back(cubic(from, b, c, to, static_cast<float>(i) / static_cast<float>(pieces)));
}

bool cuts(const std::vector<Spot>& points, const Box& box, float margin) {
    const float left = static_cast<float>(box.x) - margin, right = static_cast<float>(box.right()) + margin;
    const float top = static_cast<float>(box.y) - margin, bottom = static_cast<float>(box.bottom()) + margin;
    for (Spot p : points)
        if (p.x > left && p.x < right && p.y > top && p.y < bottom) return true;
    return false;
}

class Router {
public:
    Router(const Scenario& scenario, const BoardLayout& layout) : scenario_(scenario), layout_(layout) {}

    std::vector<EdgePath> run() {
        choose_sides();
        spread_ports();
        std::vector<EdgePath> paths(scenario_.edges.size());
        for (std::size_t i = 0; i < paths.size(); ++i) {
            if (box(scenario_.edges[i].from).width <= 0 || box(scenario_.edges[i].to).width <= 0) continue;
            paths[i].points = route(i);
            paths[i].arrow = ends_[i].arrow;
            measure(paths[i]);
        }
        return paths;
    }

private:
    const Box& box(std::size_t node) const { return layout_.nodes[node]; }

    // Whether a card stands between two of the same column.
    bool blocked_between(const EdgeDef& edge) const {
        const Box &a = box(edge.from), &b = box(edge.to);
        const Box strip{std::max(a.x, b.x) + 8, std::min(a.bottom(), b.bottom()),
                        std::max(16.0, std::min(a.right(), b.right()) - std::max(a.x, b.x) - 16),
                        std::max(a.y, b.y) - std::min(a.bottom(), b.bottom())};
        for (std::size_t i = 0; i < layout_.nodes.size(); ++i)
            if (i != edge.from && i != edge.to && layout_.layers[i] >= 0 && box(i).overlaps(strip))
                return true;
        return false;
    }

    bool leftmost(const EdgeDef& edge) const {
        const double x = std::min(box(edge.from).x, box(edge.to).x);
        for (std::size_t i = 0; i < layout_.nodes.size(); ++i)
            if (layout_.layers[i] >= 0 && box(i).right() < x) return false;
        return true;
    }

    void choose_sides() {
        ends_.resize(scenario_.edges.size());
        for (std::size_t i = 0; i < ends_.size(); ++i) {
            const Box &a = box(scenario_.edges[i].from), &b = box(scenario_.edges[i].to);
            Ends& ends = ends_[i];
            if (b.x >= a.right() + 16) continue;
            if (a.x >= b.right() + 16) {
                ends.from = Side::left, ends.to = Side::right;
            } else if (blocked_between(scenario_.edges[i])) {
                ends.from = ends.to = leftmost(scenario_.edges[i]) ? Side::left : Side::right;
                ends.around = true;
            } else {
                const bool down = b.centre_y() >= a.centre_y();
                ends.from = down ? Side::bottom : Side::top, ends.to = down ? Side::top : Side::bottom;
            }
        }
    }

    void spread_ports() {
        std::vector<std::vector<End>> sides(layout_.nodes.size() * 4);
        for (std::size_t i = 0; i < ends_.size(); ++i) {
            const EdgeDef& edge = scenario_.edges[i];
            const auto key = [&](Side side, const Box& other) {
                return side == Side::left || side == Side::right ? mid_y(other) : mid_x(other);
            };
            sides[edge.from * 4u + static_cast<std::size_t>(ends_[i].from)].push_back(
                {static_cast<int>(i), true, key(ends_[i].from, box(edge.to))});
            sides[edge.to * 4u + static_cast<std::size_t>(ends_[i].to)].push_back(
                {static_cast<int>(i), false, key(ends_[i].to, box(edge.from))});
        }
        for (auto& side : sides) {
            if (side.size() < 2) continue;
            std::stable_sort(side.begin(), side.end(),
                             [](const End& a, const End& b) { return a.key < b.key; });
            const float count = static_cast<float>(side.size()) - 1;
            const bool crowd = side.size() > k_crowd;
            const float step = std::min(k_port_spread, (crowd ? k_port_room / 2 : k_port_room) / count);
            for (std::size_t k = 0; k < side.size(); ++k) {
                Ends& ends = ends_[static_cast<std::size_t>(side[k].edge)];
                if (crowd && !side[k].start) ends.arrow = k == side.size() / 2;
                (side[k].start ? ends.from_shift : ends.to_shift) =
                    (static_cast<float>(k) - count / 2) * step;
            }
        }
    }

    std::vector<Spot> route(std::size_t index) const {
        const EdgeDef& edge = scenario_.edges[index];
        const Ends& ends = ends_[index];
        const Spot from = port(box(edge.from), ends.from, ends.from_shift);
        const Spot to = port(box(edge.to), ends.to, ends.to_shift);
        std::vector<Spot> points;
        if (ends.around) {
            const float side = outward(ends.from).x, down = from.y < to.y ? 1.0f : -1.0f;
            const float out = (side > 0 ? std::max(from.x, to.x) : std::min(from.x, to.x)) + side * 28;
            bend(points, from, {side, 0}, {out, (from.y + to.y) / 2}, {0, -down});
            bend(points, points.back(), {0, down}, to, {side, 0});
            return points;
        }
        bend(points, from, outward(ends.from), to, outward(ends.to));
        if (ends.from != Side::right || ends.to != Side::left) return points;
        const Box reached{static_cast<double>(from.x), static_cast<double>(std::min(from.y, to.y)),
                          static_cast<double>(to.x - from.x), static_cast<double>(std::abs(to.y - from.y))};
        bool free = true;
        for (std::size_t i = 0; i < layout_.nodes.size() && free; ++i)
            free = i == edge.from || i == edge.to || layout_.layers[i] < 0 ||
                   !box(i).overlaps(reached, static_cast<double>(k_clear)) ||
                   !cuts(points, box(i), k_clear / 2);
        return free ? points : route_through(edge, from, to);
    }

    struct Column {
        float left, right;
        std::vector<std::pair<float, float>> taken; // from top to bottom
    };

    // Columns of cards that stand between two cards, from left to right.
    std::vector<Column> columns_between(const EdgeDef& edge, float left, float right) const {
        std::vector<std::size_t> cards;
        for (std::size_t i = 0; i < layout_.nodes.size(); ++i)
            if (i != edge.from && i != edge.to && layout_.layers[i] >= 0 &&
                box(i).x > static_cast<double>(left) + 1 && box(i).right() < static_cast<double>(right) - 1)
                cards.push_back(i);
        std::stable_sort(cards.begin(), cards.end(),
                         [&](std::size_t a, std::size_t b) { return box(a).x < box(b).x; });
        std::vector<Column> columns;
        for (std::size_t card : cards) {
            const float x = static_cast<float>(box(card).x), end = static_cast<float>(box(card).right());
            if (columns.empty() || x >= columns.back().right) columns.push_back({x, end, {}});
            columns.back().right = std::max(columns.back().right, end);
            columns.back().taken.push_back({static_cast<float>(box(card).y) - k_clear,
                                            static_cast<float>(box(card).bottom()) + k_clear});
        }
        for (Column& column : columns) std::sort(column.taken.begin(), column.taken.end());
        return columns;
    }

    // The free height of a column that is nearest to the wish.
    static float free_height(const Column& column, float wish) {
        float above = wish, below = wish;
        for (const auto& [top, bottom] : column.taken)
            if (below > top && below < bottom) below = bottom;
        for (std::size_t i = column.taken.size(); i-- > 0;)
            if (above > column.taken[i].first && above < column.taken[i].second)
                above = column.taken[i].first;
        return wish - above <= below - wish ? above : below;
    }

    std::vector<Spot> route_through(const EdgeDef& edge, Spot from, Spot to) const {
        std::vector<Spot> points;
        Spot here = from;
        for (const Column& column : columns_between(edge, from.x, to.x)) {
            const float share = ((column.left + column.right) / 2 - here.x) / std::max(1.0f, to.x - here.x);
            const float y = free_height(column, here.y + (to.y - here.y) * share);
            const Spot in{column.left - 4, y}, out{column.right + 4, y};
            bend(points, here, {1, 0}, in, {-1, 0});
            points.push_back(out);
            here = out;
        }
        bend(points, here, {1, 0}, to, {-1, 0});
        return points;
    }

    static void measure(EdgePath& path) {
        path.along.resize(path.points.size());
        path.min = path.max = path.points[0];
        float length = 0;
        for (std::size_t i = 0; i < path.points.size(); ++i) {
            const Spot p = path.points[i];
            if (i) length += reach(path.points[i - 1], p);
            path.along[i] = length;
            path.min = {std::min(path.min.x, p.x), std::min(path.min.y, p.y)};
            path.max = {std::max(path.max.x, p.x), std::max(path.max.y, p.y)};
        }
    }

    const Scenario& scenario_;
    const BoardLayout& layout_;
    std::vector<Ends> ends_;
};

} // namespace

Spot EdgePath::at(float share, float side) const {
    if (points.size() < 2) return points.empty() ? Spot{0, 0} : points[0];
    const float wanted = std::clamp(share, 0.0f, 1.0f) * length();
    std::size_t i =
        static_cast<std::size_t>(std::lower_bound(along.begin(), along.end(), wanted) - along.begin());
    i = std::clamp<std::size_t>(i, 1, points.size() - 1);
    const Spot a = points[i - 1], b = points[i];
    const float piece = std::max(along[i] - along[i - 1], 1e-6f);
    const float part = std::clamp((wanted - along[i - 1]) / piece, 0.0f, 1.0f);
    const float dx = (b.x - a.x) / piece, dy = (b.y - a.y) / piece;
    return {a.x + (b.x - a.x) * part - dy * side, a.y + (b.y - a.y) * part + dx * side};
}

float EdgePath::distance(Spot p) const {
    float nearest = 1e9f;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const Spot a = points[i - 1], b = points[i];
        const float dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
        const float t =
            length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0f, 1.0f) : 0;
        nearest = std::min(nearest, std::hypot(p.x - a.x - dx * t, p.y - a.y - dy * t));
    }
    return nearest;
}

std::vector<EdgePath> edge_paths(const Scenario& scenario, const BoardLayout& layout) {
    if (!layout.map) return Router(scenario, layout).run();
    BoardLayout turned = layout; // rows become columns
    for (Box& box : turned.nodes) box = {box.y, box.x, box.height, box.width};
    std::vector<EdgePath> paths = Router(scenario, turned).run();
    for (EdgePath& path : paths) {
        for (Spot& point : path.points) std::swap(point.x, point.y);
        std::swap(path.min.x, path.min.y);
        std::swap(path.max.x, path.max.y);
    }
    return paths;
}

} // namespace scale::web
