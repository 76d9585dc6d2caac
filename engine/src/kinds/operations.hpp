// What a request asks of a store, and what that costs in stores of different
// data models: how many reads of one row by its key it amounts to. Orders of
// magnitude, for comparing models, not products.
#pragma once

#include "kinds/common.hpp"

namespace scale::kind {

enum class Operation : std::uint8_t { point, range, whole, join, traversal };
enum class Model : std::uint8_t { relational, key_value, document, column, graph };

inline constexpr Choice k_operations[] = {
    {"point", {"one row by its key", "키로 행 하나"}},
    {"range", {"neighbouring rows in order", "이어진 행들(범위)"}},
    {"whole", {"a thing with all its parts", "부분까지 갖춘 한 덩어리"}},
    {"join", {"rows of several tables (join)", "여러 테이블의 행(조인)"}},
    {"traversal", {"neighbours of neighbours (graph)", "이웃의 이웃(그래프 탐색)"}},
};

// Of an operation: fixed + each x rows, in reads of one row. For a traversal
// the rows are all that it visits.
struct OperationCost {
    double fixed = 1, each = 1;
};

// What a model cannot do itself, the application puts together from reads of
// one row each.
inline constexpr double k_by_hand = 1;

constexpr OperationCost operation_cost(Model model, Operation operation) {
    constexpr OperationCost k_costs[5][5] = {
        //  point     range         whole        join             traversal
        {{1, 0}, {1, 0.02}, {1, 0.1}, {1, 0.1}, {1, 0.1}}, // relational: look-ups by index
        {{0.5, 0}, {0, 0.5 * k_by_hand}, {0.5, 0.01}, {0.5, 0.5}, {0.5, 0.5}}, // key-value: keys only
        {{1, 0}, {1, 0.02}, {1, 0.01}, {1, k_by_hand}, {1, k_by_hand}},        // document: parts inside
        {{1.5, 0},
         {1.5, 0.002},
         {1.5, 0.02},
         {1.5, k_by_hand},
         {1.5, k_by_hand}},                                            // column: neighbours side by side
        {{1.5, 0}, {1.5, 0.1}, {1.5, 0.02}, {1.5, 0.1}, {1.5, 0.005}}, // graph: follows pointers
    };
    return k_costs[static_cast<int>(model)][static_cast<int>(operation)];
}

// A write, in writes of one row: column stores append, graphs update both ends.
constexpr double write_cost(Model model) {
    constexpr double k_costs[5] = {1, 0.5, 1, 0.4, 2};
    return k_costs[static_cast<int>(model)];
}

// Rows that an operation touches: `rows` each, or `rows` neighbours of every
// row, `hops` times.
inline double rows_touched(Operation operation, double rows, double hops) {
    if (operation == Operation::point) return 1;
    if (operation != Operation::traversal) return rows;
    double sum = 0, reached = 1;
    for (double hop = 0; hop < hops; ++hop) sum += reached *= rows;
    return sum < 1e7 ? sum : 1e7;
}

// How many reads of one row an operation amounts to.
inline double reads_of(Model model, Operation operation, double rows, double hops) {
    const OperationCost cost = operation_cost(model, operation);
    return cost.fixed + cost.each * rows_touched(operation, rows, hops);
}

} // namespace scale::kind
