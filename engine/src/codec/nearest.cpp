#include "codec/nearest.hpp"

#include <algorithm>

#include "codec/utf8.hpp"

namespace scale::codec {

namespace {

constexpr std::size_t k_longest_name = 64; // bytes; a longer one is nobody's misspelling
constexpr std::size_t k_quoted_points = 40;

} // namespace

int edit_distance(std::string_view from, std::string_view to) {
    const std::size_t width = to.size() + 1;
    std::vector<int> two_above(width), above(width), row(width);
    for (std::size_t j = 0; j < width; ++j) above[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= from.size(); ++i) {
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j < width; ++j) {
            const int change = from[i - 1] == to[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                row[j] = std::min(row[j], two_above[j - 2] + 1);
        }
        std::swap(two_above, above);
        std::swap(above, row);
    }
    return above[to.size()];
}

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& candidates) {
    if (name.size() > k_longest_name) return {};
    std::string_view best;
    int least = 0;
    for (std::string_view candidate : candidates) {
        const int distance = edit_distance(name, candidate);
        // A third of the letters may differ; "core" also stands for "cores_per_machine" style names.
        const int allowed = std::max(1, static_cast<int>(std::max(name.size(), candidate.size())) / 3);
        const bool begins = name.size() >= 3 && candidate.substr(0, name.size()) == name;
        if (distance > allowed && !begins) continue;
        if (best.empty() || distance < least) {
            best = candidate;
            least = distance;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates) {
    const std::string_view found = nearest(name, candidates);
    return found.empty() ? std::string() : "did you mean " + quoted(found) + "?";
}

std::string listed(const std::vector<std::string_view>& names, std::size_t most) {
    std::string out;
    const std::size_t shown = std::min(names.size(), most);
    for (std::size_t i = 0; i < shown; ++i) {
        if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
        out += quoted(names[i]);
    }
    if (shown < names.size()) out += ", ...";
    return out;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    std::size_t points = 0;
    for (std::size_t at = 0; at < text.size(); ++points) {
        if (points == k_quoted_points) {
            out += "...";
            break;
        }
        const std::uint32_t point = next_point(text, at);
        if (point == k_no_point) ++at;
        if (point == '"') out += '\\';
        if (point == k_no_point || point < 0x20 || point == 0x7F)
            out += '?';
        else
            append_point(out, point);
    }
    return out + '"';
}

} // namespace scale::codec
