// A review as JSON.
#include "codec/json_text.hpp"
#include "scale/insight.hpp"

#include <cmath>

namespace scale {

namespace {

void write_text(codec::JsonObject& object, const char* key, const Text& text) {
    codec::JsonObject both(object.key(key));
    both.string("en", text.en);
    both.string("ko", text.ko);
}

void write_nodes(codec::JsonObject& object, const char* key, const Scenario& scenario,
                 const std::vector<int>& nodes) {
    codec::JsonArray list(object.key(key));
    for (const int node : nodes)
        codec::append_string(list.item(), scenario.nodes[static_cast<std::size_t>(node)].id);
}

void write_number(codec::JsonObject& object, const char* key, double value) {
    if (std::isfinite(value))
        object.number(key, value);
    else
        object.key(key) += "null";
}

} // namespace

std::string review_json(const Scenario& scenario, const Review& review) {
    const auto id = [&](int node) { return scenario.nodes[static_cast<std::size_t>(node)].id; };
    std::string out;
    {
        codec::JsonObject object(out);
        {
            codec::JsonArray list(object.key("single_points"));
            for (const SinglePoint& one : review.single_points) {
                codec::JsonObject item(list.item());
                item.string("node", id(one.node));
                write_nodes(item, "clients", scenario, one.clients);
                write_text(item, "sentence", one.sentence);
            }
        }
        {
            codec::JsonArray list(object.key("rules"));
            for (const RuleCheck& one : review.rules) {
                codec::JsonObject item(list.item());
                item.string("id", one.id);
                item.words("name", one.name);
                item.string("verdict", verdict_id(one.verdict));
                write_text(item, "reason", one.reason);
                write_nodes(item, "nodes", scenario, one.nodes);
            }
        }
        {
            codec::JsonArray list(object.key("tiers"));
            for (const TierLoad& one : review.tiers) {
                codec::JsonObject item(list.item());
                item.string("node", id(one.node));
                write_number(item, "load_per_s", one.load_per_s);
                write_number(item, "capacity_per_s", one.capacity_per_s);
                write_number(item, "utilization", one.utilization);
                write_text(item, "sentence", one.sentence);
            }
        }
        codec::JsonArray list(object.key("data_gaps"));
        for (const Text& one : review.data_gaps) {
            codec::JsonObject item(list.item());
            item.string("en", one.en);
            item.string("ko", one.ko);
        }
    }
    return out;
}

} // namespace scale
