// The canonical form: keys in a fixed order, defaults left out, every node, edge and event on a line of its
// own.
#include <string>

#include "codec/checks.hpp"
#include "codec/json_reader.hpp"
#include "codec/json_text.hpp"
#include "codec/reader.hpp"
#include "codec/utf8.hpp"
#include "scale/codec.hpp"

namespace scale::codec {

namespace {

void append_text(std::string& out, const Text& text) {
    if (text.ko.empty()) {
        append_string(out, text.en);
        return;
    }
    JsonObject both(out);
    if (!text.en.empty()) both.string("en", text.en);
    both.string("ko", text.ko);
}

void append_param(JsonObject& object, const ParamRecord& param, double value) {
    if (param.type == ValueType::flag)
        object.flag(param.id, value != 0.0);
    else if (param.type == ValueType::choice)
        object.string(param.id, param.choices[static_cast<std::size_t>(value)].id);
    else
        object.number(param.id, value);
}

void append_changed(JsonObject& object, std::span<const ParamRecord> params,
                    const std::vector<double>& values) {
    for (std::size_t i = 0; i < params.size(); ++i)
        if (values[i] != params[i].fallback) append_param(object, params[i], values[i]);
}

void append_node(std::string& out, const NodeDef& node) {
    JsonObject object(out);
    object.string("id", node.id);
    object.string("kind", node.kind->id);
    if (!node.label.empty()) append_text(object.key("label"), node.label);
    if (!node.in.empty()) object.string("in", node.in);
    if (node.at) {
        JsonArray at(object.key("at"));
        append_number(at.item(), node.at->x);
        append_number(at.item(), node.at->y);
    }
    append_changed(object, node.kind->params, node.values);
}

void append_ends(JsonArray& array, const EdgeDef& edge, const Scenario& scenario) {
    append_string(array.item(), scenario.nodes[edge.from].id);
    append_string(array.item(), scenario.nodes[edge.to].id);
}

void append_edge(std::string& out, const EdgeDef& edge, const Scenario& scenario) {
    JsonArray array(out);
    append_ends(array, edge, scenario);
    if (edge.values == default_values(edge_params())) return;
    JsonObject object(array.item());
    append_changed(object, edge_params(), edge.values);
}

void append_command(std::string& out, const Command& command, const Scenario& scenario) {
    JsonObject object(out);
    object.key("at_s") += print_ns_as_seconds(command.at);
    object.string("do", command.verb->id);
    if (command.node >= 0) {
        object.string("node", scenario.nodes[static_cast<std::size_t>(command.node)].id);
    } else {
        JsonArray ends(object.key("edge"));
        append_ends(ends, scenario.edges[static_cast<std::size_t>(command.edge)], scenario);
    }
    if (command.instance >= 0) object.whole("instance", static_cast<std::uint64_t>(command.instance));
    const std::span<const ParamRecord> params = setting_params(command, scenario);
    for (const Setting& setting : tidy_settings(command.settings))
        append_param(object, params[setting.param], setting.value);
}

constexpr std::size_t k_line = 100;      // bytes of a part of a lesson that stays on one line
constexpr std::size_t k_text_line = 160; // code points of a text that does

// The object around everything: members on their own lines, two spaces in.
class Page {
public:
    explicit Page(std::string& out) : out_(out) { out_ += '{'; }

    std::string& line(std::string_view key) {
        out_ += first_ ? "\n  " : ",\n  ";
        first_ = false;
        append_string(out_, key);
        out_ += ": ";
        return out_;
    }

    // Small members that belong together share a line.
    std::string& beside(std::string_view key, bool& first_of_line) {
        if (first_of_line) {
            first_of_line = false;
            return line(key);
        }
        out_ += ", ";
        append_string(out_, key);
        return out_ += ": ";
    }

    // Words on one line, or a line for each language where they are long.
    void text(std::string_view key, const Text& text) {
        if (text.empty()) return;
        std::string flat;
        append_text(flat, text);
        if (count_points(flat) <= k_text_line || text.en.empty() || text.ko.empty()) {
            line(key) += flat;
            return;
        }
        append_string(line(key) += "{\n    \"en\": ", text.en);
        append_string(out_ += ",\n    \"ko\": ", text.ko);
        out_ += "\n  }";
    }

    // A list with one element per line; left out when it is empty.
    template<class List, class Append>
    void list(std::string_view key, const List& elements, Append append, bool always = false) {
        if (elements.empty() && !always) return;
        line(key) += '[';
        bool first = true;
        for (const auto& element : elements) {
            out_ += first ? "\n    " : ",\n    ";
            first = false;
            append(out_, element);
        }
        out_ += elements.empty() ? "]" : "\n  ]";
    }

    void close() { out_ += "\n}\n"; }

private:
    std::string& out_;
    bool first_ = true;
};

void append_run(Page& page, const Scenario& scenario) {
    const Scenario defaults;
    bool first = true;
    if (scenario.seed != defaults.seed) append_whole(page.beside("seed", first), scenario.seed);
    if (scenario.duration_s != defaults.duration_s)
        append_number(page.beside("duration_s", first), scenario.duration_s);
    if (scenario.warmup_s != defaults.warmup_s)
        append_number(page.beside("warmup_s", first), scenario.warmup_s);
    if (scenario.weight != defaults.weight) append_whole(page.beside("weight", first), scenario.weight);
}

void append_prices(Page& page, const std::vector<PriceChange>& changes) {
    if (changes.empty()) return;
    JsonObject object(page.line("prices"));
    for (const PriceChange& change : changes) object.number(price_rows()[change.code - 1u].id, change.usd);
}

void append_slo(Page& page, const Slo& slo) {
    if (slo == Slo{}) return;
    JsonObject object(page.line("slo"));
    for (const SloRecord& record : slo_records())
        if (slo.*record.value) object.number(record.id, *(slo.*record.value));
}

void append_indented(std::string& out, const JsonDocument& document, const JsonValue& value,
                     std::size_t indent) {
    std::string flat;
    append_canonical(flat, document, value);
    const bool container = value.type == JsonType::array || value.type == JsonType::object;
    if (!container || value.count == 0 || flat.size() + indent <= k_line) {
        out += flat;
        return;
    }
    const bool object = value.type == JsonType::object;
    out += object ? '{' : '[';
    for (std::uint32_t i = document.first(value); i != value.end; i = document.next(i)) {
        out.append(i == document.first(value) ? "\n" : ",\n").append(indent + 2, ' ');
        if (object) {
            append_string(out, document.at(i).key);
            out += ": ";
        }
        append_indented(out, document, document.at(i), indent + 2);
    }
    out.append("\n").append(indent, ' ');
    out += object ? '}' : ']';
}

void append_lesson(Page& page, const std::string& lesson) {
    if (lesson.empty()) return;
    std::string& out = page.line("lesson");
    Result<JsonDocument> document = JsonDocument::read(lesson, scenario_limits());
    if (document)
        append_indented(out, *document, document->root(), 2);
    else
        out += "{}"; // unreachable for a lesson that came through the parser or the link decoder
}

} // namespace

} // namespace scale::codec

namespace scale {

std::string write_scenario(const Scenario& scenario) {
    std::string out;
    codec::Page page(out);
    page.line("scaleground") += '1';
    page.text("title", scenario.title);
    page.text("description", scenario.description);
    codec::append_run(page, scenario);
    const auto edge = [&](std::string& to, const EdgeDef& def) { codec::append_edge(to, def, scenario); };
    const auto command = [&](std::string& to, const Command& def) {
        codec::append_command(to, def, scenario);
    };
    page.list("nodes", scenario.nodes, codec::append_node, true);
    page.list("edges", scenario.edges, edge);
    page.list("events", scenario.events, command);
    page.list("log", scenario.log, command);
    codec::append_slo(page, scenario.slo);
    codec::append_prices(page, scenario.prices);
    codec::append_lesson(page, scenario.lesson);
    page.close();
    return out;
}

std::string write_command(const Command& command, const Scenario& scenario) {
    std::string out;
    codec::append_command(out, command, scenario);
    return out;
}

} // namespace scale
