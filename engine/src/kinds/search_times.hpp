// What the parameters of a database make of its times: operations cost as many
// reads of one row as the relational model needs, and finding a row takes what
// its access path reads.
#pragma once

#include "kinds/database_record.hpp"
#include "kinds/index_plan.hpp"
#include "sim/request.hpp"

namespace scale::kind::database {

struct SearchTimes {
    double cpu_ms[sim::k_classes] = {}; // by class of request
    double disk_ms[2] = {};             // of reads and of writes
    Plan plan;
};

template<class Value>
SearchTimes search_times(Value&& value) {
    SearchTimes out;
    Table table;
    table.rows = value(table_rows);
    table.row_bytes = value(row_bytes);
    table.memory_bytes = value(memory_gb) * 1e9;
    table.memory_per_s = value(memory_mb_per_s) * 1e6;
    table.disk_per_s = value(disk_mb_per_s) * 1e6;
    table.disk_ns = value(disk_ms) * 1e6;
    table.words_per_row = value(words_per_row);
    out.plan = plan_access(static_cast<Access>(static_cast<int>(value(access))), table);
    out.disk_ms[0] = out.plan.disk_ns / 1e6;
    out.disk_ms[1] = out.plan.write_disk_ns / 1e6;
    for (int i = 0; i < sim::k_classes; ++i) {
        const auto asked = static_cast<sim::RequestClass>(i);
        const Param asks = asked == sim::RequestClass::api ? api_asks : pages_ask;
        const auto operation = static_cast<Operation>(static_cast<int>(value(asks)));
        const bool writes = asked == sim::RequestClass::write;
        const double read = value(read_ms) * reads_of(Model::relational, operation, value(rows), value(hops));
        out.cpu_ms[i] =
            writes ? value(write_ms) + out.plan.write_memory_ns / 1e6 : read + out.plan.memory_ns / 1e6;
    }
    return out;
}

} // namespace scale::kind::database
