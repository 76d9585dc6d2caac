// The inside of links, version 1: a scenario as bytes, before deflate. The layout is for ever; docs/links.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codec/link_bytes.hpp"
#include "scale/scenario.hpp"

namespace scale::codec {

// What a link holds besides nodes and edges; bits that are not listed belong to a newer Scaleground.
enum Part : std::uint32_t {
    part_title = 1u << 0,
    part_description = 1u << 1,
    part_labels = 1u << 2,
    part_seed = 1u << 3,
    part_duration = 1u << 4,
    part_warmup = 1u << 5,
    part_events = 1u << 6,
    part_weight = 1u << 7,
    part_positions = 1u << 8,
    part_groups = 1u << 9,
    part_log = 1u << 10,
    part_slo = 1u << 11,
    part_lesson = 1u << 12,
    part_prices = 1u << 13,
    part_all = (1u << 14) - 1,
};

enum TextLanguage : std::uint8_t { text_en = 1, text_ko = 2 };

// First byte of a command.
enum CommandBit : std::uint8_t {
    command_edge = 1,     // the target is an edge
    command_own_verb = 2, // a verb of the node's kind
    command_instance = 4,
    command_all = 7,
};

// How the id of a node is written.
enum IdForm : std::uint8_t {
    id_expected, // see expected_id
    id_words,    // stands with the words
    id_forms,    // how many forms there are
};

// The id that a node has when nobody gave it one: "server", then "server-2", "server-3".
std::string expected_id(const std::vector<NodeDef>& nodes, std::size_t index);

std::vector<std::uint8_t> pack(const Scenario& scenario);
// Every count and reference is checked here; ranges are check_scenario's.
bool unpack(ByteReader& in, Scenario& out);

} // namespace scale::codec
