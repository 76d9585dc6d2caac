#include "kinds/index_plan.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

// Reads `bytes` in order, of which `cached` (a share) is in memory.
void in_order(Plan& plan, const Table& table, double bytes, double cached) {
    plan.memory_ns += bytes * cached / table.memory_per_s * 1e9;
    plan.disk_ns += bytes * (1 - cached) / table.disk_per_s * 1e9;
}

// One read at a random place.
void at_random(Plan& plan, const Table& table, double cached) {
    plan.memory_ns += table.disk_ns / k_memory_faster;
    plan.disk_ns += (1 - cached) * table.disk_ns;
    plan.disk_reads += 1 - cached;
}

double share(double room, double bytes) { return bytes <= room ? 1 : room > 0 ? room / bytes : 0; }

// Down a tree of pages over `entries`, the upper levels in memory first; what
// memory is left.
double descend(Plan& plan, const Table& table, double entries, double entry_bytes, double node_bytes) {
    const double fan_out = node_bytes / entry_bytes;
    double sizes[64];
    int levels = 0;
    for (double nodes = entries; nodes > 1 && levels < 64;) {
        nodes = std::max(1.0, nodes / fan_out);
        sizes[levels++] = nodes * node_bytes;
    }
    double room = table.memory_bytes;
    for (int level = levels; level-- > 0;) { // from the root
        const double cached = share(room, sizes[level]);
        at_random(plan, table, cached);
        if (node_bytes > k_page_bytes) in_order(plan, table, node_bytes, cached);
        room = std::max(0.0, room - sizes[level]);
        plan.index_bytes += sizes[level];
    }
    plan.levels = levels;
    return room;
}

void keep_up(Plan& plan) { // a write finds its place in the index and changes it there
    plan.write_memory_ns = 2 * plan.memory_ns;
    plan.write_disk_ns = 2 * plan.disk_ns;
}

void by_word(Plan& plan, const Table& table) {
    const double occurrences = table.rows * table.words_per_row;
    Table dictionary = table;
    const double left = descend(plan, dictionary, table.vocabulary, k_entry_bytes, k_page_bytes);
    const double postings = occurrences * k_posting_bytes;
    const double cached = share(left, postings);
    keep_up(plan);
    plan.write_memory_ns *= table.words_per_row;
    plan.write_disk_ns *= table.words_per_row;
    at_random(plan, table, cached);
    in_order(plan, table, postings / table.vocabulary, cached);
    plan.index_bytes += postings;
}

} // namespace

Plan plan_access(Access access, const Table& table) {
    Plan plan;
    const double bytes = table.rows * table.row_bytes;
    if (access == Access::scan) in_order(plan, table, bytes, share(table.memory_bytes, bytes));
    if (access == Access::inverted) by_word(plan, table);
    if (access == Access::b_tree || access == Access::nested) {
        // A nested index has an entry per block of rows, and the block is then read
        // in order.
        const bool blocks = access == Access::nested;
        const double entries = blocks ? std::max(1.0, bytes / k_block_bytes) : table.rows;
        const double left = descend(plan, table, entries, k_entry_bytes, k_page_bytes);
        keep_up(plan);
        const double cached = share(left, bytes);
        at_random(plan, table, cached);
        if (blocks) in_order(plan, table, std::min(bytes, k_block_bytes), cached);
    }
    return plan;
}

} // namespace scale::kind
