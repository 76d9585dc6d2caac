#include <algorithm>

#include "codec/checks.hpp"
#include "codec/link.hpp"

namespace scale::codec {

namespace {

std::uint32_t parts_of(const Scenario& s) {
    const Scenario defaults;
    std::uint32_t parts = 0;
    const auto add = [&](bool there, Part part) { parts |= there ? static_cast<std::uint32_t>(part) : 0u; };
    const auto any = [&](auto has) { return std::any_of(s.nodes.begin(), s.nodes.end(), has); };
    add(!s.title.empty(), part_title);
    add(!s.description.empty(), part_description);
    add(any([](const NodeDef& node) { return !node.label.empty(); }), part_labels);
    add(s.seed != defaults.seed, part_seed);
    add(s.duration_s != defaults.duration_s, part_duration);
    add(s.warmup_s != defaults.warmup_s, part_warmup);
    add(s.weight != defaults.weight, part_weight);
    add(any([](const NodeDef& node) { return node.at.has_value(); }), part_positions);
    add(any([](const NodeDef& node) { return !node.in.empty(); }), part_groups);
    add(!s.events.empty(), part_events);
    add(!s.log.empty(), part_log);
    add(s.slo != Slo{}, part_slo);
    add(!s.lesson.empty(), part_lesson);
    add(!s.prices.empty(), part_prices);
    return parts;
}

std::uint8_t languages(const Text& text) {
    return static_cast<std::uint8_t>((text.en.empty() ? 0 : text_en) | (text.ko.empty() ? 0 : text_ko));
}

class Packer {
public:
    explicit Packer(const Scenario& scenario) : scenario_(scenario), parts_(parts_of(scenario)) {}

    std::vector<std::uint8_t> pack() {
        out_.whole(parts_);
        out_.whole(scenario_.nodes.size());
        out_.whole(scenario_.edges.size());
        run();
        for (const NodeDef& node : scenario_.nodes) out_.byte(node.kind->code);
        edges();
        node_params();
        columns(edge_params(), edge_values());
        if (has(part_positions)) positions();
        if (has(part_groups)) groups();
        if (has(part_events)) commands(scenario_.events);
        if (has(part_log)) commands(scenario_.log);
        ids();
        languages_of_texts();
        words();
        return out_.bytes();
    }

private:
    using Row = const std::vector<double>*;

    bool has(Part part) const { return (parts_ & part) != 0; }

    void run() {
        if (has(part_seed)) out_.whole(scenario_.seed);
        if (has(part_duration)) out_.number(scenario_.duration_s);
        if (has(part_warmup)) out_.number(scenario_.warmup_s);
        if (has(part_weight)) out_.whole(scenario_.weight);
        if (has(part_slo)) slo();
        if (!has(part_prices)) return;
        out_.whole(scenario_.prices.size());
        for (const PriceChange& change : scenario_.prices) {
            out_.byte(change.code);
            out_.number(change.usd);
        }
    }

    void slo() {
        std::size_t mask = 0;
        const std::span<const SloRecord> records = slo_records();
        for (std::size_t i = 0; i < records.size(); ++i)
            mask |= scenario_.slo.*records[i].value ? std::size_t{1} << i : 0;
        out_.whole(mask);
        for (const SloRecord& record : records)
            if (scenario_.slo.*record.value) out_.number(*(scenario_.slo.*record.value));
    }

    // Ends as differences: lists are mostly written along the flow, so most of these are 0 or 1.
    void edges() {
        std::int64_t previous = 0;
        for (const EdgeDef& edge : scenario_.edges) {
            out_.signed_whole(edge.from - previous);
            previous = edge.from;
        }
        previous = 0;
        for (const EdgeDef& edge : scenario_.edges) {
            out_.signed_whole(edge.to - previous);
            previous = edge.to;
        }
    }

    // Parameter by parameter, so that like stands with like: which differ somewhere, then all their values.
    void columns(std::span<const ParamRecord> params, const std::vector<Row>& rows) {
        std::vector<std::size_t> changed;
        for (std::size_t i = 0; i < params.size(); ++i) {
            const auto differs = [&](Row row) { return (*row)[i] != params[i].fallback; };
            if (std::any_of(rows.begin(), rows.end(), differs)) changed.push_back(i);
        }
        out_.whole(changed.size());
        for (const std::size_t i : changed) out_.byte(params[i].code);
        for (const std::size_t i : changed)
            for (const Row row : rows) out_.number_or_default((*row)[i], params[i].fallback);
    }

    // Kind by kind, in the order in which they first appear.
    void node_params() {
        std::vector<const KindRecord*> done;
        for (const NodeDef& first : scenario_.nodes) {
            if (std::find(done.begin(), done.end(), first.kind) != done.end()) continue;
            done.push_back(first.kind);
            std::vector<Row> rows;
            for (const NodeDef& node : scenario_.nodes)
                if (node.kind == first.kind) rows.push_back(&node.values);
            columns(first.kind->params, rows);
        }
    }

    std::vector<Row> edge_values() const {
        std::vector<Row> rows;
        for (const EdgeDef& edge : scenario_.edges) rows.push_back(&edge.values);
        return rows;
    }

    void positions() {
        for (const NodeDef& node : scenario_.nodes) out_.byte(node.at ? 1 : 0);
        Position previous;
        for (const NodeDef& node : scenario_.nodes)
            if (node.at) coordinate(node.at->x, previous.x);
        for (const NodeDef& node : scenario_.nodes)
            if (node.at) coordinate(node.at->y, previous.y);
    }

    // Whole coordinates as the difference from the last one; others as they are.
    void coordinate(double value, double& previous) {
        const bool whole = static_cast<double>(static_cast<std::int64_t>(value)) == value;
        if (whole) {
            out_.signed_whole(static_cast<std::int64_t>(value - previous) + (value >= previous ? 1 : 0));
            previous = value;
        } else {
            out_.signed_whole(0);
            out_.number(value);
        }
    }

    void groups() {
        for (const NodeDef& node : scenario_.nodes)
            out_.whole(node.in.empty() ? 0 : static_cast<std::uint64_t>(scenario_.find_node(node.in) + 1));
    }

    void commands(std::vector<Command> commands) {
        sort_by_time(commands);
        out_.whole(commands.size());
        Time previous = 0;
        for (const Command& command : commands) {
            this->command(command, command.at - previous);
            previous = command.at;
        }
    }

    void command(const Command& command, Time since) {
        const bool edge = command.edge >= 0;
        const bool instance = command.instance >= 0;
        const std::span<const VerbRecord> common = edge ? edge_verbs() : node_verbs();
        const bool own = command.verb < common.data() || command.verb >= common.data() + common.size();
        out_.byte(static_cast<std::size_t>((edge ? command_edge : 0) | (own ? command_own_verb : 0) |
                                           (instance ? command_instance : 0)));
        out_.byte(command.verb->code);
        out_.whole(static_cast<std::uint64_t>(edge ? command.edge : command.node));
        if (instance) out_.whole(static_cast<std::uint64_t>(command.instance));
        out_.time(since);
        const std::span<const ParamRecord> params = setting_params(command, scenario_);
        const std::vector<Setting> settings = tidy_settings(command.settings);
        out_.whole(settings.size());
        for (const Setting& setting : settings) {
            out_.byte(params[setting.param].code);
            out_.number(setting.value);
        }
    }

    bool is_expected(std::size_t index) const {
        return scenario_.nodes[index].id == expected_id(scenario_.nodes, index);
    }

    void ids() {
        for (std::size_t i = 0; i < scenario_.nodes.size(); ++i)
            out_.byte(is_expected(i) ? id_expected : id_words);
    }

    void languages_of_texts() {
        if (has(part_title)) out_.byte(languages(scenario_.title));
        if (has(part_description)) out_.byte(languages(scenario_.description));
        if (!has(part_labels)) return;
        for (const NodeDef& node : scenario_.nodes) out_.byte(languages(node.label));
    }

    // All words stand together at the end.
    void words() {
        for (std::size_t i = 0; i < scenario_.nodes.size(); ++i)
            if (!is_expected(i)) out_.text(scenario_.nodes[i].id);
        words_of([](const Text& text) -> const std::string& { return text.en; });
        words_of([](const Text& text) -> const std::string& { return text.ko; });
        if (has(part_lesson)) out_.text(scenario_.lesson);
    }

    template<class Pick>
    void words_of(Pick pick_language) {
        const auto add = [&](const Text& text) {
            if (!pick_language(text).empty()) out_.text(pick_language(text));
        };
        for (const NodeDef& node : scenario_.nodes) add(node.label);
        add(scenario_.title);
        add(scenario_.description);
    }

    const Scenario& scenario_;
    std::uint32_t parts_;
    ByteWriter out_;
};

} // namespace

std::string expected_id(const std::vector<NodeDef>& nodes, std::size_t index) {
    std::size_t number = 1;
    for (std::size_t i = 0; i < index; ++i)
        if (nodes[i].kind == nodes[index].kind) ++number;
    const std::string kind = nodes[index].kind->id;
    return number == 1 ? kind : kind + "-" + std::to_string(number);
}

std::vector<std::uint8_t> pack(const Scenario& scenario) { return Packer(scenario).pack(); }

} // namespace scale::codec
