#include "terminal.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace scale::cli {

namespace {

struct Range {
    char32_t first, last;
};

// Characters two columns wide (Unicode: East Asian Wide and Fullwidth), as far as scenarios use them.
constexpr Range k_wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},  {0x3400, 0x4dbf},
                            {0x4e00, 0x9fff},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},  {0xf900, 0xfaff},
                            {0xfe30, 0xfe6f},   {0xff01, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
                            {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd}};
constexpr Range k_no_width[] = {{0x0300, 0x036f}, {0x1160, 0x11ff}, {0x200b, 0x200f}, {0xfe00, 0xfe0f}};

std::size_t width_of(char32_t point) {
    for (const Range& range : k_no_width)
        if (point >= range.first && point <= range.last) return 0;
    for (const Range& range : k_wide)
        if (point >= range.first && point <= range.last) return 2;
    return 1;
}

// One character (or one colour escape, of width 0) at `at`: how many bytes, how many columns.
struct Piece {
    std::size_t bytes, columns;
};

Piece piece_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(at) == 0x1b) {
        const std::size_t end = text.find('m', at);
        return {(end == std::string_view::npos ? text.size() : end + 1) - at, 0};
    }
    const std::size_t length = byte(at) < 0x80 ? 1 : byte(at) < 0xe0 ? 2 : byte(at) < 0xf0 ? 3 : 4;
    if (length == 1 || at + length > text.size()) return {1, 1};
    char32_t point = byte(at) & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) point = (point << 6) | (byte(at + i) & 0x3fu);
    return {length, width_of(point)};
}

// Emscripten under node calls every stream a terminal; a pipe is no character device.
bool is_terminal(int stream) {
    struct stat facts {};
    return ::isatty(stream) == 1 && ::fstat(stream, &facts) == 0 && S_ISCHR(facts.st_mode);
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

} // namespace

bool output_is_terminal() { return is_terminal(STDOUT_FILENO); }

bool progress_is_terminal() { return is_terminal(STDERR_FILENO); }

std::size_t terminal_width() {
    const long asked = std::strtol(environment("COLUMNS").c_str(), nullptr, 10);
    if (asked >= 20 && asked <= 1000) return static_cast<std::size_t>(asked);
    winsize size{};
    if (output_is_terminal() && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    return 100;
}

Result<Language> language_from(std::string_view option) {
    if (option == "en") return Language::english;
    if (option == "ko") return Language::korean;
    if (!option.empty()) return Error{"--lang", "expected en or ko, got \"" + std::string(option) + "\"", ""};
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const std::string value = environment(name);
        if (!value.empty()) return value.rfind("ko", 0) == 0 ? Language::korean : Language::english;
    }
    return Language::english;
}

std::size_t display_width(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Piece piece = piece_at(text, at);
        columns += piece.columns;
        at += piece.bytes;
    }
    return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
    if (display_width(text) <= columns) return std::string(text);
    if (columns == 0) return "";
    std::string out;
    std::size_t used = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Piece piece = piece_at(text, at);
        if (used + piece.columns > columns - 1) break;
        out.append(text, at, piece.bytes);
        used += piece.columns;
        at += piece.bytes;
    }
    return out + "…";
}

std::string pad_right(std::string_view text, std::size_t columns) {
    const std::size_t used = display_width(text);
    return std::string(text) + std::string(used < columns ? columns - used : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t columns) {
    const std::size_t used = display_width(text);
    return std::string(used < columns ? columns - used : 0, ' ') + std::string(text);
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
    std::string out;
    std::string line;
    const std::size_t room = columns > indent + 20 ? columns - indent : 20;
    const auto flush = [&] {
        if (!line.empty()) out += std::string(indent, ' ') + line + '\n';
        line.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string_view word = text.substr(at, end - at);
        if (!line.empty() && display_width(line) + 1 + display_width(word) > room) flush();
        if (!line.empty() && !word.empty()) line += ' ';
        line += word;
        at = end + 1;
    }
    flush();
    return out;
}

Paint Paint::for_output() {
    return Paint(output_is_terminal() && environment("NO_COLOR").empty() && environment("TERM") != "dumb");
}

std::string Paint::operator()(Tone tone, std::string_view text) const {
    constexpr const char* k_codes[] = {"", "1", "2", "32", "31", "33", "36"};
    if (!on_ || tone == Tone::plain) return std::string(text);
    return std::string("\x1b[") + k_codes[static_cast<int>(tone)] + 'm' + std::string(text) + "\x1b[0m";
}

void Table::column(std::string_view title, Side side, int importance) {
    columns_.push_back({std::string(title), side, importance});
}

void Table::row(std::vector<std::string> cells) {
    cells.resize(columns_.size());
    rows_.push_back(std::move(cells));
}

std::vector<bool> Table::shown_columns(const std::vector<std::size_t>& widths, std::size_t width) const {
    std::vector<bool> shown(columns_.size(), true);
    while (true) {
        std::size_t used = 0;
        int last = -1;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (!shown[i]) continue;
            used += widths[i] + (used ? 2 : 0);
            const bool less =
                last < 0 || columns_[i].importance >= columns_[static_cast<std::size_t>(last)].importance;
            if (columns_[i].importance > 0 && less) last = static_cast<int>(i);
        }
        if (used <= width || last < 0) return shown;
        shown[static_cast<std::size_t>(last)] = false;
    }
}

std::string Table::text(std::size_t width, const Paint& paint) const {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t widest = display_width(columns_[i].title);
        for (const auto& row : rows_) widest = std::max(widest, display_width(row[i]));
        widths.push_back(widest);
    }
    const std::vector<bool> shown = shown_columns(widths, width);
    const auto line = [&](const auto& cell_of, Tone tone) {
        std::string out;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (!shown[i]) continue;
            if (!out.empty()) out += "  ";
            const std::string& cell = cell_of(i);
            out += columns_[i].side == Side::left ? pad_right(cell, widths[i]) : pad_left(cell, widths[i]);
        }
        while (!out.empty() && out.back() == ' ') out.pop_back();
        return paint(tone, out) + '\n';
    };
    std::string out = line([&](std::size_t i) -> const std::string& { return columns_[i].title; }, Tone::dim);
    for (const auto& row : rows_)
        out += line([&](std::size_t i) -> const std::string& { return row[i]; }, Tone::plain);
    return out;
}

} // namespace scale::cli
