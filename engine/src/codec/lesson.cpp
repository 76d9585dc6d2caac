// A scenario's lesson, read strictly: the parser of scenarios keeps it as text and looks at its outline only.
#include "scale/lesson.hpp"
#include "codec/checks.hpp"
#include "codec/nearest.hpp"
#include "codec/reader.hpp"
#include "scale/codec.hpp"

namespace scale {

namespace codec {

namespace {

constexpr std::size_t k_list_most = 64;

class LessonReader {
public:
    LessonReader(Reader& reader, const Scenario& scenario)
        : reader_(reader), document_(reader.document()), scenario_(scenario) {}

    bool read(Lesson& out) {
        const JsonValue& root = document_.root();
        if (!reader_.keys(root,
                          {"id", "order", "summary", "start", "announced", "goal", "steps", "hints",
                           "feedback", "solutions", "wrong"},
                          1))
            return false;
        double order = 0;
        const bool read =
            string(root, "id", out.id) && whole(root, "order", order) && text(root, "summary", out.summary) &&
            edits(root, "start", out.start) && edits(root, "announced", out.announced) &&
            goal(root, out.goal) &&
            each(root, "steps", [&](const JsonValue& one) { return step(one, out.steps); }) &&
            each(root, "hints", [&](const JsonValue& one) { return hint(one, out.hints); }) &&
            each(root, "feedback", [&](const JsonValue& one) { return feedback(one, out.feedback); }) &&
            each(root, "solutions", [&](const JsonValue& one) { return attempt(one, out.solutions); }) &&
            each(root, "wrong", [&](const JsonValue& one) { return attempt(one, out.wrong); });
        out.order = static_cast<int>(order);
        return read;
    }

private:
    template<class Read>
    bool each(const JsonValue& object, std::string_view key, Read read_one) {
        const JsonValue* list = document_.member(object, key);
        if (!list) return true;
        if (!reader_.expect(*list, JsonType::array)) return false;
        if (list->count > k_list_most)
            return reader_.fail(*list, "at most " + std::to_string(k_list_most) + " entries are allowed");
        for (std::uint32_t i = document_.first(*list); i != list->end; i = document_.next(i))
            if (!read_one(document_.at(i))) return false;
        return true;
    }

    bool string(const JsonValue& object, std::string_view key, std::string& out) {
        const JsonValue* value = document_.member(object, key);
        return !value || reader_.read_string(*value, out);
    }
    bool text(const JsonValue& object, std::string_view key, Text& out) {
        const JsonValue* value = document_.member(object, key);
        return !value || reader_.read_text(*value, out);
    }
    bool whole(const JsonValue& object, std::string_view key, double& out) {
        const JsonValue* value = document_.member(object, key);
        return !value || reader_.read_whole(*value, 0, 10'000, out);
    }
    bool number(const JsonValue& object, std::string_view key, double least, double most, double& out) {
        const JsonValue* value = document_.member(object, key);
        if (!value) return true;
        const std::string expected = number_range("a number", least, most);
        if (!reader_.read_number(*value, out, expected)) return false;
        return (out >= least && out <= most) || reader_.fail_expected(*value, expected);
    }
    bool flag(const JsonValue& object, std::string_view key, bool& out) {
        const JsonValue* value = document_.member(object, key);
        if (!value) return true;
        if (value->type != JsonType::flag) return reader_.fail_expected(*value, "true or false");
        out = value->flag;
        return true;
    }
    // A list that somebody else reads: kept as text.
    bool edits(const JsonValue& object, std::string_view key, std::string& out) {
        const JsonValue* value = document_.member(object, key);
        if (!value) return true;
        if (!reader_.expect(*value, JsonType::array)) return false;
        append_canonical(out, document_, *value);
        return true;
    }
    bool figure(const JsonValue& value, std::string& out) { return reader_.read_string(value, out); }
    bool assertion(const JsonValue& value, Assertion& out) {
        std::string written;
        if (!reader_.read_string(value, written)) return false;
        Result<Assertion> parsed = parse_assertion(written);
        if (!parsed) return reader_.fail(value, parsed.error().what, parsed.error().hint);
        out = *parsed;
        return true;
    }
    bool assertion(const JsonValue& object, std::string_view key, Assertion& out) {
        const JsonValue* value = document_.member(object, key);
        return value && assertion(*value, out);
    }

    bool goal(const JsonValue& root, std::optional<Goal>& out) {
        const JsonValue* value = document_.member(root, "goal");
        if (!value) return true;
        if (!reader_.keys(*value, {"text", "all", "from_s", "until_s"}, 2)) return false;
        Goal made;
        made.from_s = scenario_.warmup_s;
        made.until_s = scenario_.duration_s;
        const bool read = text(*value, "text", made.text) &&
                          number(*value, "from_s", 0, limits::k_duration_s, made.from_s) &&
                          number(*value, "until_s", 0, limits::k_duration_s, made.until_s) &&
                          each(*value, "all",
                               [&](const JsonValue& one) { return assertion(one, made.all.emplace_back()); });
        if (!read) return false;
        if (made.until_s <= made.from_s) return reader_.fail(*value, "until_s must be later than from_s");
        out = std::move(made);
        return true;
    }

    bool question(const JsonValue& object, std::optional<Question>& out) {
        const JsonValue* value = document_.member(object, "predict");
        if (!value) return true;
        if (!reader_.keys(*value, {"ask", "answers", "figure", "within", "of_start"}, 1)) return false;
        Question made;
        const bool read = text(*value, "ask", made.ask) && string(*value, "figure", made.figure) &&
                          number(*value, "within", 0.01, 1, made.within) &&
                          flag(*value, "of_start", made.of_start) &&
                          each(*value, "answers", [&](const JsonValue& one) {
                              Question::Answer& answer = made.answers.emplace_back();
                              return reader_.keys(one, {"text", "when"}, 2) &&
                                     text(one, "text", answer.text) && assertion(one, "when", answer.when);
                          });
        if (!read) return false;
        if (made.answers.empty() == made.figure.empty())
            return reader_.fail(*value, "a question has answers, or a figure whose value is asked for");
        out = std::move(made);
        return true;
    }

    bool step(const JsonValue& value, std::vector<LessonStep>& out) {
        if (!reader_.keys(
                value, {"text", "highlight", "play_to_s", "start", "commands", "predict", "build", "figures"},
                1))
            return false;
        LessonStep& made = out.emplace_back();
        return text(value, "text", made.text) && flag(value, "start", made.start) &&
               flag(value, "build", made.build) &&
               number(value, "play_to_s", 0, limits::k_duration_s, made.play_to_s) &&
               edits(value, "commands", made.commands) && question(value, made.predict) &&
               each(value, "highlight",
                    [&](const JsonValue& one) {
                        return reader_.read_string(one, made.highlight.emplace_back());
                    }) &&
               each(value, "figures",
                    [&](const JsonValue& one) { return figure(one, made.figures.emplace_back()); });
    }
    bool hint(const JsonValue& value, std::vector<Text>& out) {
        return reader_.read_text(value, out.emplace_back());
    }
    bool feedback(const JsonValue& value, std::vector<Feedback>& out) {
        Feedback& made = out.emplace_back();
        return reader_.keys(value, {"text", "when"}, 2) && text(value, "text", made.text) &&
               assertion(value, "when", made.when);
    }
    bool attempt(const JsonValue& value, std::vector<Attempt>& out) {
        Attempt& made = out.emplace_back();
        return reader_.keys(value, {"name", "edits"}, 2) && text(value, "name", made.name) &&
               edits(value, "edits", made.edits);
    }

    Reader& reader_;
    const JsonDocument& document_;
    const Scenario& scenario_;
};

Error in_lesson(Error error) {
    const std::string rest = error.path.empty() ? "" : error.path.substr(1); // behind the '$'
    error.path = "$.lesson" + rest;
    return error;
}

// A figure that nothing in these designs has is a slip of the pen.
std::optional<Error> check_figure(const std::string& place, const std::string& name, const World& world) {
    const double value = result_value(world, name);
    if (value == value) return std::nullopt;
    const std::string near = nearest_result_name(world, name);
    if (near == name) return std::nullopt; // it exists, and has no value yet
    return Error{place, "there is no figure " + quoted(name),
                 near.empty() ? "" : "did you mean " + quoted(near) + "?"};
}

std::optional<Error> check_figures(const Lesson& lesson, const World& world) {
    if (lesson.goal)
        for (const Assertion& part : lesson.goal->all)
            if (auto error = check_figure("$.lesson.goal", part.name, world)) return error;
    for (std::size_t i = 0; i < lesson.steps.size(); ++i) {
        const std::string place = "$.lesson.steps[" + std::to_string(i) + "]";
        for (const std::string& name : lesson.steps[i].figures)
            if (auto error = check_figure(place, name, world)) return error;
        if (!lesson.steps[i].predict) continue;
        const Question& asked = *lesson.steps[i].predict;
        if (!asked.figure.empty())
            if (auto error = check_figure(place + ".predict", asked.figure, world)) return error;
    }
    return std::nullopt;
}

std::optional<Error> check_edits(const std::string& place, const Scenario& from, const std::string& edits) {
    Result<Scenario> made = edit_scenario(from, edits);
    if (made) {
        const std::optional<Error> error = validate(*made);
        if (!error) return std::nullopt;
        return Error{place + ", then " + error->path, error->what, error->hint};
    }
    Error error = made.error();
    error.path = place + (error.path.starts_with("$") ? error.path.substr(1) : ", " + error.path);
    return error;
}

// A step's commands are for a system that the learner has changed meanwhile: they have to fit the design that
// the lesson ends with, or the one that it starts from.
std::optional<Error> check_commands(const Lesson& lesson, const Scenario& scenario, const Scenario& start) {
    for (std::size_t i = 0; i < lesson.steps.size(); ++i) {
        if (lesson.steps[i].commands.empty()) continue;
        const Result<JsonDocument> document = JsonDocument::read(lesson.steps[i].commands, scenario_limits());
        if (!document) return document.error();
        const JsonValue& list = document->root();
        std::size_t number = 0;
        for (std::uint32_t at = document->first(list); at != list.end; at = document->next(at), ++number) {
            std::string command;
            append_canonical(command, *document, document->at(at));
            const Result<Command> read = parse_command(command, scenario);
            if (read || parse_command(command, start)) continue;
            Error error = read.error();
            error.path = "$.lesson.steps[" + std::to_string(i) + "].commands[" + std::to_string(number) +
                         "]" + (error.path.empty() ? "" : error.path.substr(1)); // behind the '$'
            return error;
        }
    }
    return std::nullopt;
}

std::optional<Error> check_all_edits(const Lesson& lesson, const Scenario& scenario) {
    if (!lesson.start.empty())
        if (auto error = check_edits("$.lesson.start", scenario, lesson.start)) return error;
    const Result<Scenario> start = lesson_start(scenario, lesson);
    if (!start) return start.error();
    if (auto error = check_commands(lesson, scenario, *start)) return error;
    const auto check = [&](const char* key, const std::vector<Attempt>& attempts) -> std::optional<Error> {
        for (std::size_t i = 0; i < attempts.size(); ++i) {
            const std::string place = std::string("$.lesson.") + key + "[" + std::to_string(i) + "].edits";
            if (auto error = check_edits(place, *start, attempts[i].edits)) return error;
        }
        return std::nullopt;
    };
    if (auto error = check("solutions", lesson.solutions)) return error;
    return check("wrong", lesson.wrong);
}

} // namespace

} // namespace codec

Result<Lesson> read_lesson_alone(const Scenario& scenario) {
    using namespace codec;
    if (scenario.lesson.empty()) return Error{"$.lesson", "this scenario has no lesson", ""};
    const Result<JsonDocument> document = JsonDocument::read(scenario.lesson, scenario_limits());
    if (!document) return in_lesson(document.error());
    Reader reader(*document);
    Lesson lesson;
    if (!LessonReader(reader, scenario).read(lesson)) return in_lesson(reader.error());
    return lesson;
}

Result<Lesson> read_lesson(const Scenario& scenario) {
    Result<Lesson> lesson = read_lesson_alone(scenario);
    if (!lesson) return lesson;
    if (auto error = codec::check_all_edits(*lesson, scenario)) return *error;
    if (auto error = codec::check_figures(*lesson, World(scenario))) return *error;
    return lesson;
}

Result<Scenario> lesson_start(const Scenario& scenario, const Lesson& lesson) {
    if (lesson.start.empty()) return scenario;
    return edit_scenario(scenario, lesson.start);
}

} // namespace scale
