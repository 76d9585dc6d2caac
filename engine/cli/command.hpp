// One record per sub-command; main.cpp holds the list, --help loops over it.
#pragma once

#include <span>
#include <string_view>

#include "arguments.hpp"

namespace scale::cli {

struct CommandRecord {
    const char* name;
    const char* usage;   // what follows "scaleground name"
    const char* summary; // one line of --help
    const char* help;    // what `scaleground name --help` says before the options
    std::span<const OptionRecord> options;
    int (*act)(const Arguments&);
};

extern const CommandRecord k_run_command;
extern const CommandRecord k_theory_command;
extern const CommandRecord k_compare_command;
extern const CommandRecord k_headroom_command;
extern const CommandRecord k_sweep_command;
extern const CommandRecord k_review_command;
extern const CommandRecord k_follow_command;
extern const CommandRecord k_check_command;
extern const CommandRecord k_kinds_command;
extern const CommandRecord k_link_command;
extern const CommandRecord k_lessons_command;
extern const CommandRecord k_schema_command;
extern const CommandRecord k_bench_command;

inline constexpr OptionRecord k_json_option{"--json", nullptr, "print one JSON object"};
inline constexpr OptionRecord k_set_option{
    "--set", "X=VALUE", "node.param, from->to.param, duration_s, warmup_s or weight", true};
inline constexpr OptionRecord k_lang_option{"--lang", "en|ko", "language of the report (default: by LANG)"};

} // namespace scale::cli
