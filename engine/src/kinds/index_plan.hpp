// How a row is found among many, and what that takes: bytes read in order and
// at random places, from memory as far as it holds them and from disk for the
// rest.
#pragma once

#include <cstdint>

namespace scale::kind {

enum class Access : std::uint8_t { given, scan, b_tree, inverted, nested };

struct Table {
    double rows = 1, row_bytes = 100;
    double memory_bytes = 0;                 // for index first, then rows
    double memory_per_s = 1, disk_per_s = 1; // bytes, read in order
    double disk_ns = 0;                      // a read at a random place on disk
    double words_per_row = 10;               // inverted index: how many, and of how many different ones
    double vocabulary = 100000;
};

inline constexpr double k_page_bytes = 8192;
inline constexpr double k_entry_bytes = 20;         // of an index: key, place and slack
inline constexpr double k_posting_bytes = 6;        // one occurrence in an inverted index
inline constexpr double k_block_bytes = 256 * 1024; // what one entry of a nested index points to
inline constexpr double k_memory_faster = 100000;   // a random read of memory against one of disk

struct Plan {
    double memory_ns = 0, disk_ns = 0; // of a read
    double disk_reads = 0;             // at random places
    double levels = 0;
    double index_bytes = 0;
    double write_memory_ns = 0,
           write_disk_ns = 0; // what keeping the index adds to a write
};

Plan plan_access(Access access, const Table& table);

// Bytes of a text collection: books x pages x words x bytes of a word.
constexpr double text_bytes(double books, double pages, double words, double bytes) {
    return books * pages * words * bytes;
}

} // namespace scale::kind
