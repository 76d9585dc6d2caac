// A cause as JSON, for --json and the page.
#include "analysis/cause.hpp"
#include "codec/json_text.hpp"

namespace scale {

namespace {

void write_node(codec::JsonObject& object, const char* key, const Scenario& scenario, int node) {
    if (node < 0)
        object.key(key) += "null";
    else
        object.string(key, scenario.nodes[static_cast<std::size_t>(node)].id);
}

const char* concern_id(Concern concern) {
    switch (concern) {
    case Concern::latency: return "latency";
    case Concern::failures: return "failures";
    case Concern::data: return "data";
    case Concern::jobs: return "jobs";
    case Concern::none: break;
    }
    return "none";
}

void write_trigger(std::string& out, const Scenario& scenario, const Cause& cause) {
    codec::JsonObject object(out);
    object.number("at_s", static_cast<double>(cause.trigger.at) / 1e9);
    write_node(object, "node", scenario, cause.trigger.node);
    if (cause.trigger.edge >= 0) object.number("edge", cause.trigger.edge);
    if (cause.trigger.instance >= 0) object.number("instance", cause.trigger.instance);
    if (cause.trigger.command >= 0) object.number("command", cause.trigger.command);
    object.number("entry", cause.trigger_index);
}

} // namespace

std::string cause_json(const World& world, const Cause& cause) {
    const Scenario& scenario = world.scenario();
    std::string out;
    {
        codec::JsonObject object(out);
        object.string("en", cause.sentence.en);
        object.string("ko", cause.sentence.ko);
        object.string("mechanism", mechanism_id(cause.mechanism));
        object.string("of", concern_id(cause.concern));
        write_node(object, "node", scenario, cause.node);
        write_node(object, "through", scenario, cause.through);
        object.number("share", cause.share);
        object.number("busy", cause.busy);
        object.number("since_s", cause.since_s);
        object.number("until_s", cause.until_s);
        object.flag("over", cause.over);
        object.string("start", start_id(cause.start));
        if (cause.start == Start::entry)
            write_trigger(object.key("trigger"), scenario, cause);
        else
            object.key("trigger") += "null";
    }
    return out;
}

} // namespace scale
