// What a search reads, by the parameters; and the closed form: searchers in turn, the disk behind them.
#pragma once

#include "kinds/index_plan.hpp"
#include "kinds/search_index_record.hpp"
#include "sim/forecast.hpp"

namespace scale::kind::search_index {

template<class Value>
Plan search_plan(Value&& value) {
    Table table;
    table.rows = value(documents);
    table.words_per_row = value(words);
    table.vocabulary = value(vocabulary);
    table.memory_bytes = value(memory_gb) * 1e9;
    table.memory_per_s = value(memory_mb_per_s) * 1e6;
    table.disk_per_s = value(disk_mb_per_s) * 1e6;
    table.disk_ns = value(disk_ms) * 1e6;
    return plan_access(Access::inverted, table);
}

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::search_index
