// What the terminal can show: width, colour, language; and text laid out in columns that hold Korean too.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "scale/text.hpp"

namespace scale::cli {

bool output_is_terminal();
bool progress_is_terminal(); // stderr
// Columns of the terminal; COLUMNS where set, 100 when standard output is no terminal.
std::size_t terminal_width();

// From --lang ("en" or "ko"), else LC_ALL, LC_MESSAGES, LANG, the first that is set.
Result<Language> language_from(std::string_view option);

// Columns that a text takes: 2 for Hangul and other wide characters, 0 for combining ones and escapes.
std::size_t display_width(std::string_view text);
// At most that many columns, with an ellipsis where something was cut.
std::string cut_to(std::string_view text, std::size_t columns);
std::string pad_right(std::string_view text, std::size_t columns);
std::string pad_left(std::string_view text, std::size_t columns);
// Lines of at most that many columns, broken at spaces, each after `indent` spaces.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent);

enum class Tone : unsigned char { plain, strong, dim, good, bad, warn, accent };

// Colours, or nothing where they are not wanted (no terminal, NO_COLOR, TERM=dumb).
class Paint {
public:
    explicit Paint(bool on) : on_(on) {}
    static Paint for_output();
    std::string operator()(Tone tone, std::string_view text) const;

private:
    bool on_;
};

// A table: columns as wide as their widest cell, less important ones left out where the width is too small.
class Table {
public:
    enum class Side : unsigned char { left, right };
    // `importance`: 0 always stays; the highest goes first.
    void column(std::string_view title, Side side, int importance);
    void row(std::vector<std::string> cells);
    std::string text(std::size_t width, const Paint& paint) const;

private:
    struct Column {
        std::string title;
        Side side;
        int importance;
    };
    std::vector<bool> shown_columns(const std::vector<std::size_t>& widths, std::size_t width) const;
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace scale::cli
