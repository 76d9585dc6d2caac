// scaleground kinds: the manual of every component, made from the kind records.
#include "command.hpp"
#include "format.hpp"
#include "output.hpp"
#include "scale/codec.hpp"
#include "scale/kind.hpp"
#include "source.hpp"
#include "terminal.hpp"
#include "words.hpp"

#include <sys/stat.h>

namespace scale::cli {

namespace {

std::string value_text(const ParamRecord& record, double value) {
    if (record.type == ValueType::flag) return value != 0 ? "true" : "false";
    if (record.type == ValueType::choice) return record.choices[static_cast<std::size_t>(value)].id;
    return plain_number(value);
}

std::string range_text(const ParamRecord& record) {
    if (record.type == ValueType::flag) return "true, false";
    if (record.type == ValueType::choice) {
        std::string out;
        for (const Choice& choice : record.choices) out += (out.empty() ? "" : ", ") + std::string(choice.id);
        return out;
    }
    return plain_number(record.least) + " – " + plain_number(record.most);
}

bool is_empty(const char* text) { return text == nullptr || *text == '\0'; }

// The manual page of a kind as people read it on a terminal.
class Page {
public:
    Page(const KindRecord& kind, Language language)
        : kind_(kind), language_(language), width_(terminal_width()), paint_(Paint::for_output()) {}

    std::string text() {
        out_ = paint_(Tone::strong, kind_.id) + "  " + say(kind_.name) + "\n";
        out_ += wrapped(say(kind_.help), width_, 0);
        if (!kind_.params.empty()) section(words::k_parameters);
        for (const ParamRecord& record : kind_.params) parameter(record, 2);
        if (!kind_.metrics.empty()) section(words::k_metrics);
        for (const MetricRecord& record : kind_.metrics)
            out_ += "  " + paint_(Tone::accent, record.id) + "  " + say(record.name) + "\n" +
                    wrapped(say(record.help), width_, 6);
        if (!kind_.verbs.empty()) section(words::k_commands);
        for (const VerbRecord& verb : kind_.verbs) {
            out_ += "  " + paint_(Tone::accent, verb.id) + "  " + say(verb.name) + "\n";
            out_ += wrapped(say(verb.help), width_, 6);
            for (const ParamRecord& record : verb.params) parameter(record, 6);
        }
        section(words::k_theory);
        const char* theory = say(kind_.closed_form);
        out_ += wrapped(is_empty(theory) ? say(words::k_no_theory) : theory, width_, 2);
        if (!kind_.inaccuracies.empty()) section(words::k_not_modelled);
        for (const Words& one : kind_.inaccuracies) out_ += wrapped(std::string("· ") + say(one), width_, 2);
        return out_;
    }

private:
    const char* say(const Words& text) const { return pick(text, language_); }

    void section(const Words& title) { out_ += "\n" + paint_(Tone::strong, say(title)) + "\n"; }

    std::string choice_text(const Choice& choice) const {
        const std::string id = choice.id;
        return id == say(choice.name) ? id : id + ": " + say(choice.name);
    }

    void parameter(const ParamRecord& record, std::size_t indent) {
        if (!is_empty(say(record.section)))
            out_ += std::string(indent, ' ') + paint_(Tone::dim, say(record.section)) + "\n";
        out_ += std::string(indent, ' ') + paint_(Tone::accent, record.id) + "  " + say(record.name) + "\n";
        std::string facts = std::string(say(words::k_default)) + " " + value_text(record, record.fallback);
        if (record.type != ValueType::choice)
            facts += ", " + std::string(say(words::k_range)) + " " + range_text(record);
        if (!is_empty(record.unit)) facts += " " + std::string(record.unit);
        out_ += wrapped(say(record.help), width_, indent + 4) + wrapped(facts, width_, indent + 4);
        for (const Choice& choice : record.choices) out_ += wrapped(choice_text(choice), width_, indent + 6);
    }

    const KindRecord& kind_;
    Language language_;
    std::size_t width_;
    Paint paint_;
    std::string out_;
};

std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += c == '|' ? std::string("\\|") : c == '\n' ? std::string(" ") : std::string(1, c);
    return out;
}

std::string markdown_parameters(std::span<const ParamRecord> params, Language language) {
    const auto say = [&](const Words& text) { return cell(pick(text, language)); };
    std::string out = "| " + say(words::k_parameter) + " | " + say(words::k_default) + " | " +
                      say(words::k_range) + " | " + say(words::k_unit) + " | " + say(words::k_what) +
                      " |\n|---|---|---|---|---|\n";
    for (const ParamRecord& record : params)
        out += "| `" + std::string(record.id) + "` | " + value_text(record, record.fallback) + " | " +
               cell(range_text(record)) + " | " + cell(record.unit) + " | " + say(record.help) + " |\n";
    return out + "\n";
}

std::string markdown_page(const KindRecord& kind, Language language) {
    const auto say = [&](const Words& text) { return std::string(pick(text, language)); };
    std::string out = "<!-- Generated by `scaleground kinds --markdown`. Do not edit. -->\n\n";
    out += "# " + say(kind.name) + " (`" + kind.id + "`)\n\n" + say(kind.help) + "\n\n";
    if (!kind.params.empty())
        out += "## " + say(words::k_parameters) + "\n\n" + markdown_parameters(kind.params, language);
    if (!kind.metrics.empty()) {
        out += "## " + say(words::k_metrics) + "\n\n";
        for (const MetricRecord& record : kind.metrics)
            out +=
                "- `" + std::string(record.id) + "` — " + say(record.name) + ". " + say(record.help) + "\n";
        out += "\n";
    }
    if (!kind.verbs.empty()) out += "## " + say(words::k_commands) + "\n\n";
    for (const VerbRecord& verb : kind.verbs) {
        out += "### `" + std::string(verb.id) + "`: " + say(verb.name) + "\n\n" + say(verb.help) + "\n\n";
        if (!verb.params.empty()) out += markdown_parameters(verb.params, language);
    }
    const std::string theory = say(kind.closed_form);
    out += "## " + say(words::k_theory) + "\n\n" + (theory.empty() ? say(words::k_no_theory) : theory) + "\n";
    if (!kind.inaccuracies.empty()) {
        out += "\n## " + say(words::k_not_modelled) + "\n\n";
        for (const Words& one : kind.inaccuracies) out += "- " + say(one) + "\n";
    }
    return out;
}

std::string markdown_index(Language language) {
    const bool korean = language == Language::korean;
    std::string out = "<!-- Generated by `scaleground kinds --markdown`. Do not edit. -->\n\n";
    out += korean ? "# 구성 요소\n\n" : "# Kinds of component\n\n";
    for (const KindRecord* kind : kinds())
        out += "- [`" + std::string(kind->id) + "`](" + kind->id + ".md) — " + pick(kind->name, language) +
               ". " + pick(kind->help, language) + "\n";
    out += std::string("\n## ") + (korean ? "모든 노드의 명령" : "Commands that every node has") + "\n\n";
    for (const VerbRecord& verb : node_verbs())
        out += "- `" + std::string(verb.id) + "` — " + pick(verb.help, language) + "\n";
    out += std::string("\n## ") + (korean ? "간선" : "Edges") + "\n\n" +
           markdown_parameters(edge_params(), language);
    for (const VerbRecord& verb : edge_verbs())
        out += "- `" + std::string(verb.id) + "` — " + pick(verb.help, language) + "\n";
    return out;
}

// DIR/README.md and DIR/KIND.md
int write_markdown(const std::string& folder, Language language) {
    ::mkdir(folder.c_str(), 0777); // if it cannot be made, the first file says so
    if (std::optional<Error> error = write_file(folder + "/README.md", markdown_index(language)))
        return bad_input(*error);
    for (const KindRecord* kind : kinds())
        if (std::optional<Error> error =
                write_file(folder + "/" + kind->id + ".md", markdown_page(*kind, language)))
            return bad_input(*error);
    return exit_fine;
}

std::string list_text(Language language) {
    Table table;
    table.column("id", Table::Side::left, 0);
    table.column(pick(words::k_name, language), Table::Side::left, 0);
    table.column(pick(words::k_what, language), Table::Side::left, 0);
    const std::size_t width = terminal_width();
    for (const KindRecord* kind : kinds())
        table.row({kind->id, pick(kind->name, language),
                   cut_to(pick(kind->help, language), width > 60 ? width - 32 : 28)});
    return table.text(width, Paint::for_output());
}

Error unknown_kind(const std::string& name) {
    std::vector<std::string> ids;
    for (const KindRecord* kind : kinds()) ids.emplace_back(kind->id);
    return {"", "there is no kind " + in_quotes(name),
            hint_for(name, ids, "\"scaleground kinds\" lists them")};
}

int act_kinds(const Arguments& arguments) {
    const std::vector<std::string>& names = arguments.words();
    if (names.size() > 1) return bad_input({"", "kinds takes one kind or none", ""});
    const KindRecord* kind = names.empty() ? nullptr : find_kind(names[0]);
    if (!names.empty() && !kind) return bad_input(unknown_kind(names[0]));
    Result<Language> language = language_from(arguments.text("--lang"));
    if (!language) return bad_input(language.error());
    if (arguments.has("--out")) {
        if (!arguments.has("--markdown") || kind)
            return bad_input({"--out", "goes with --markdown and without a kind", ""});
        return write_markdown(arguments.text("--out"), *language);
    }
    if (arguments.has("--json"))
        print(kinds_json(kind ? kind->id : "") + "\n");
    else if (arguments.has("--markdown"))
        print(kind ? markdown_page(*kind, *language) : markdown_index(*language));
    else
        print(kind ? Page(*kind, *language).text() : list_text(*language));
    return exit_fine;
}

constexpr OptionRecord k_options[] = {
    k_json_option,
    {"--markdown", nullptr, "print the manual page (or the index) as Markdown"},
    {"--out", "DIR", "with --markdown: write the index and one page per kind into DIR"},
    k_lang_option};

constexpr const char* k_help =
    "Lists the kinds of component, or prints the manual page of one: its parameters with range, default and\n"
    "unit, its metrics, its commands, the theory that describes it, and what it does not model.\n";

} // namespace

const CommandRecord k_kinds_command{"kinds", "[KIND]",  "the kinds of component and their parameters",
                                    k_help,  k_options, act_kinds};

} // namespace scale::cli
