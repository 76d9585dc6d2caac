// The calls that look at a design for long: theory and review at once, the headroom in slices.

#include <cmath>
#include <memory>

#include "call_rows.hpp"
#include "outlook.hpp"
#include "scale/codec.hpp"

namespace scale::web {
namespace {

constexpr double k_availability = 0.99; // asked of a design that promises nothing
constexpr std::uint64_t k_events_between_looks = 20'000;
constexpr double k_slice_ms = 100;

std::string call_outlook(CallContext&, const Json& arguments) {
    const Result<Scenario> design = parse_scenario(text(arguments, "json"));
    if (!design) return refused(design.error());
    return ok(outlook_json(*design));
}

struct Searched {
    Scenario design;
    HeadroomSearch search;
};
std::unique_ptr<Searched>& searched() {
    static std::unique_ptr<Searched> kept;
    return kept;
}

std::string call_headroom(CallContext&, const Json& arguments) {
    Result<Scenario> design = parse_scenario(text(arguments, "json"));
    if (!design) return refused(design.error());
    std::vector<Assertion> promised = promises(design->slo);
    if (promised.empty()) promised.push_back({"availability", ">=", k_availability});
    HeadroomSearch search(*design, std::move(promised), 1);
    searched() = std::make_unique<Searched>(Searched{std::move(*design), std::move(search)});
    return done();
}

std::string call_headroom_on(CallContext& context, const Json& arguments) {
    if (!searched()) return answer_error("there is no search to go on with; call headroom first");
    const double slice_ms = number(arguments, "slice_ms").value_or(k_slice_ms), start_ms = context.clock();
    HeadroomSearch& search = searched()->search;
    bool over = false;
    while (!over && context.clock() - start_ms < slice_ms) over = search.step(k_events_between_looks);
    if (!over) return ok({{"over", false}, {"done", search.done()}});
    const Headroom found = search.result();
    Json value = {{"over", true},
                  {"multiple", found.multiple},
                  {"en", headroom_sentence(searched()->design, found, Language::english)},
                  {"ko", headroom_sentence(searched()->design, found, Language::korean)}};
    searched().reset();
    return ok(value);
}

constexpr CallRow k_calls[] = {
    {"outlook", call_outlook},
    {"headroom", call_headroom},
    {"headroomOn", call_headroom_on},
};

} // namespace

std::span<const CallRow> insight_calls() { return k_calls; }

std::optional<std::string> call_insight(CallContext& context, std::string_view name, std::string_view json) {
    const Json arguments = Json::parse(json, nullptr, false);
    for (const CallRow& row : insight_calls())
        if (row.name == name) return row.answer(context, arguments.is_object() ? arguments : Json::object());
    return std::nullopt;
}

} // namespace scale::web
