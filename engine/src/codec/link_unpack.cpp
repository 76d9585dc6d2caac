#include <algorithm>

#include "codec/checks.hpp"
#include "codec/link.hpp"

namespace scale::codec {

namespace {

class Unpacker {
public:
    Unpacker(ByteReader& in, Scenario& out) : in_(in), out_(out) {}

    bool unpack() {
        parts_ = static_cast<std::uint32_t>(in_.whole(~std::uint32_t{0}));
        if ((parts_ & ~static_cast<std::uint32_t>(part_all)) != 0) in_.fail(k_newer);
        const std::uint64_t nodes = in_.whole(limits::k_nodes);
        const std::uint64_t edges = in_.whole(limits::k_edges);
        run();
        for (std::uint64_t i = 0; i < nodes && !in_.failed(); ++i) add_node();
        edge_ends(edges);
        if (in_.failed()) return false;
        node_params();
        columns(edge_params(), edge_values());
        if (has(part_positions)) positions();
        if (has(part_groups)) groups();
        if (has(part_events)) commands(out_.events);
        if (has(part_log)) commands(out_.log);
        if (in_.failed()) return false;
        ids();
        languages_of_texts();
        words();
        for (std::size_t i = 0; i < out_.nodes.size() && has(part_groups) && !in_.failed(); ++i)
            if (groups_[i] > 0) out_.nodes[i].in = out_.nodes[groups_[i] - 1].id;
        if (!in_.failed() && !in_.at_end()) in_.fail(k_newer);
        return !in_.failed();
    }

private:
    using Row = std::vector<double>*;

    bool has(Part part) const { return (parts_ & part) != 0; }

    void run() {
        if (has(part_seed)) out_.seed = in_.whole();
        if (has(part_duration)) out_.duration_s = in_.number();
        if (has(part_warmup)) out_.warmup_s = in_.number();
        if (has(part_weight)) out_.weight = static_cast<std::uint32_t>(in_.whole(~std::uint32_t{0}));
        if (has(part_slo)) slo();
        if (!has(part_prices)) return;
        const std::uint64_t count = in_.whole();
        if (count > price_rows().size()) in_.fail(k_newer);
        for (std::uint64_t i = 0; i < count && !in_.failed(); ++i) {
            const std::uint8_t code = in_.byte();
            if (code == 0 || code > price_rows().size()) in_.fail(k_newer);
            out_.prices.push_back({code, in_.number()});
        }
    }

    void slo() {
        const std::span<const SloRecord> records = slo_records();
        const std::uint64_t mask = in_.whole();
        if (mask >> records.size() != 0) in_.fail(k_newer);
        for (std::size_t i = 0; i < records.size(); ++i)
            if ((mask >> i & 1) != 0) out_.slo.*records[i].value = in_.number();
    }

    void add_node() {
        NodeDef node;
        node.kind = find_kind_by_code(in_.byte());
        if (!node.kind) {
            in_.fail(k_newer);
            return;
        }
        node.values = default_values(node.kind->params);
        out_.nodes.push_back(std::move(node));
    }

    std::uint16_t end_after(std::int64_t& previous) {
        const std::int64_t step = in_.signed_whole();
        const auto most = static_cast<std::int64_t>(out_.nodes.size());
        if (step < -most || step > most || previous + step < 0 || previous + step >= most)
            in_.fail(k_damaged);
        else
            previous += step;
        return static_cast<std::uint16_t>(previous);
    }

    void edge_ends(std::uint64_t count) {
        std::int64_t previous = 0;
        for (std::uint64_t i = 0; i < count && !in_.failed(); ++i) {
            EdgeDef edge;
            edge.from = end_after(previous);
            edge.values = default_values(edge_params());
            out_.edges.push_back(std::move(edge));
        }
        previous = 0;
        for (EdgeDef& edge : out_.edges) edge.to = end_after(previous);
    }

    static int find_code(std::span<const ParamRecord> params, std::uint8_t code) {
        for (std::size_t i = 0; i < params.size(); ++i)
            if (params[i].code == code) return static_cast<int>(i);
        return -1;
    }

    std::size_t param_of_code(std::span<const ParamRecord> params) {
        const int found = find_code(params, in_.byte());
        if (found < 0) in_.fail(k_newer);
        return found < 0 ? 0 : static_cast<std::size_t>(found);
    }

    void columns(std::span<const ParamRecord> params, const std::vector<Row>& rows) {
        std::vector<std::size_t> changed;
        const std::uint64_t count = in_.whole(255);
        for (std::uint64_t i = 0; i < count && !in_.failed(); ++i) changed.push_back(param_of_code(params));
        if (in_.failed()) return;
        for (const std::size_t i : changed)
            for (const Row row : rows) (*row)[i] = in_.number_or_default(params[i].fallback);
    }

    void node_params() {
        std::vector<const KindRecord*> done;
        for (const NodeDef& first : out_.nodes) {
            if (std::find(done.begin(), done.end(), first.kind) != done.end()) continue;
            done.push_back(first.kind);
            std::vector<Row> rows;
            for (NodeDef& node : out_.nodes)
                if (node.kind == first.kind) rows.push_back(&node.values);
            columns(first.kind->params, rows);
        }
    }

    std::vector<Row> edge_values() {
        std::vector<Row> rows;
        for (EdgeDef& edge : out_.edges) rows.push_back(&edge.values);
        return rows;
    }

    void positions() {
        for (NodeDef& node : out_.nodes)
            if (in_.byte() != 0) node.at.emplace();
        Position previous;
        for (NodeDef& node : out_.nodes)
            if (node.at) node.at->x = coordinate(previous.x);
        for (NodeDef& node : out_.nodes)
            if (node.at) node.at->y = coordinate(previous.y);
    }

    double coordinate(double& previous) {
        const std::int64_t step = in_.signed_whole();
        if (step == 0) return in_.number();
        const double value = previous + static_cast<double>(step > 0 ? step - 1 : step);
        // Two sides of the board are the longest step; anything beyond is refused later, here it is only kept
        // finite.
        if (!(value >= -2 * k_most_coordinate && value <= 2 * k_most_coordinate))
            in_.fail(k_damaged);
        else
            previous = value;
        return previous;
    }

    void groups() {
        for (std::size_t i = 0; i < out_.nodes.size(); ++i)
            groups_.push_back(static_cast<std::size_t>(in_.whole(out_.nodes.size())));
    }

    void commands(std::vector<Command>& to) {
        const std::uint64_t count = in_.whole(limits::k_commands);
        Time at = 0;
        for (std::uint64_t i = 0; i < count && !in_.failed(); ++i) {
            Command command;
            if (!this->command(command)) return;
            if (command.at > k_most_time) in_.fail(k_damaged);
            at += command.at;
            command.at = at;
            to.push_back(std::move(command));
        }
    }

    bool command(Command& out) {
        const std::uint8_t bits = in_.byte();
        const std::uint8_t code = in_.byte();
        if (bits > command_all) in_.fail(k_newer);
        const bool edge = (bits & command_edge) != 0;
        const auto target = static_cast<int>(in_.whole(limits::k_edges));
        if ((bits & command_instance) != 0) out.instance = static_cast<int>(in_.whole(k_most_instance));
        out.at = in_.time();
        (edge ? out.edge : out.node) = target;
        if (static_cast<std::size_t>(target) >= (edge ? out_.edges.size() : out_.nodes.size()))
            in_.fail(k_damaged);
        if (in_.failed()) return false;
        std::span<const VerbRecord> verbs = edge ? edge_verbs() : node_verbs();
        if ((bits & command_own_verb) != 0)
            verbs = edge ? std::span<const VerbRecord>()
                         : out_.nodes[static_cast<std::size_t>(target)].kind->verbs;
        for (const VerbRecord& verb : verbs)
            if (verb.code == code) out.verb = &verb;
        if (!out.verb) in_.fail(k_newer);
        return !in_.failed() && settings(out);
    }

    bool settings(Command& out) {
        const std::span<const ParamRecord> params = setting_params(out, out_);
        const std::uint64_t count = in_.whole(255);
        for (std::uint64_t i = 0; i < count && !in_.failed(); ++i) {
            Setting setting;
            setting.param = static_cast<std::uint8_t>(param_of_code(params));
            setting.value = in_.number();
            out.settings.push_back(setting);
        }
        out.settings = tidy_settings(out.settings);
        return !in_.failed();
    }

    void ids() {
        for (std::size_t i = 0; i < out_.nodes.size(); ++i) {
            const std::uint8_t form = in_.byte();
            if (form >= id_forms) in_.fail(k_newer);
            if (form == id_expected) out_.nodes[i].id = expected_id(out_.nodes, i);
        }
    }

    std::uint8_t language_mask() {
        const std::uint8_t mask = in_.byte();
        if (mask > (text_en | text_ko)) in_.fail(k_newer);
        return mask;
    }

    void languages_of_texts() {
        title_ = has(part_title) ? language_mask() : std::uint8_t{0};
        description_ = has(part_description) ? language_mask() : std::uint8_t{0};
        labels_.assign(out_.nodes.size(), 0);
        if (!has(part_labels)) return;
        for (std::uint8_t& mask : labels_) mask = language_mask();
    }

    void words() {
        for (NodeDef& node : out_.nodes)
            if (node.id.empty()) node.id = in_.text();
        words_of(text_en, &Text::en);
        words_of(text_ko, &Text::ko);
        if (has(part_lesson)) out_.lesson = in_.text();
    }

    void words_of(std::uint8_t language, std::string Text::*member) {
        const auto take = [&](std::uint8_t mask, Text& text) {
            if ((mask & language) != 0) text.*member = in_.text();
        };
        for (std::size_t i = 0; i < out_.nodes.size(); ++i) take(labels_[i], out_.nodes[i].label);
        take(title_, out_.title);
        take(description_, out_.description);
    }

    ByteReader& in_;
    Scenario& out_;
    std::uint32_t parts_ = 0;
    std::uint8_t title_ = 0, description_ = 0;
    std::vector<std::uint8_t> labels_;
    std::vector<std::size_t> groups_;
};

} // namespace

bool unpack(ByteReader& in, Scenario& out) { return Unpacker(in, out).unpack(); }

} // namespace scale::codec
