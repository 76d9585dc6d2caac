// --json of run: the engine's results object, with seed, promises and assertions added; several seeds as
// means.
#include <nlohmann/json.hpp>

#include <cmath>

#include "run.hpp"

namespace scale::cli {

namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

// Numbers at the same place of every tree become {mean, ci95}; what is the same everywhere stays as it is.
Json combine(const std::vector<const Json*>& trees) {
    const Json& first = *trees[0];
    if (first.is_object()) {
        Json out = Json::object();
        for (auto item = first.begin(); item != first.end(); ++item) {
            std::vector<const Json*> parts;
            for (const Json* tree : trees)
                if (tree->is_object() && tree->contains(item.key())) parts.push_back(&(*tree)[item.key()]);
            out[item.key()] = combine(parts);
        }
        return out;
    }
    std::vector<double> values;
    for (const Json* tree : trees)
        if (tree->is_number()) values.push_back(tree->get<double>());
    if (!values.empty()) {
        const Estimate figure = estimate(values);
        return Json{{"mean", number_or_null(figure.mean)}, {"ci95", number_or_null(figure.ci95)}};
    }
    for (const Json* tree : trees)
        if (*tree != first) return nullptr;
    return first;
}

Json checks_json(const RunRequest& request, bool promised, bool goal = false) {
    Json out = Json::array();
    for (const Check& check : request.checks) {
        if (check.promised != promised || check.goal != goal) continue;
        Json one{
            {"text", check.text}, {"measured", number_or_null(check.measured.mean)}, {"held", check.held}};
        if (request.seeds > 1) one["ci95"] = number_or_null(check.measured.ci95);
        out.push_back(std::move(one));
    }
    return out;
}

const char* ending_id(Ending ending) {
    return ending == Ending::complete      ? "complete"
           : ending == Ending::interrupted ? "interrupted"
                                           : "events-limit";
}

} // namespace

std::string report_json(const RunRequest& request, const std::vector<RunFigures>& runs) {
    std::vector<Json> trees;
    for (const RunFigures& run : runs) trees.push_back(Json::parse(run.json, nullptr, false));
    std::vector<const Json*> pointers;
    for (const Json& tree : trees) pointers.push_back(&tree);
    Json out = request.seeds > 1 ? combine(pointers) : trees[0];
    out["digest"] = combined_digest(runs);
    out["seed"] = runs[0].seed;
    out["ending"] = ending_id(runs.back().ending);
    if (request.seeds > 1) {
        Json list = Json::array();
        for (const RunFigures& run : runs) list.push_back({{"seed", run.seed}, {"digest", run.digest}});
        out["seeds"] = runs.size();
        out["runs"] = std::move(list);
    }
    out["slo"] = checks_json(request, true);
    out["assertions"] = checks_json(request, false);
    if (request.lesson) {
        out["goal"] = checks_json(request, false, true);
        out["feedback"] = runs[0].feedback.empty() ? Json(nullptr) : Json(runs[0].feedback);
    }
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace scale::cli
