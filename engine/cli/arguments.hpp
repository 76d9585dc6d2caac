// The command line, taken apart: words and options. Strict: an unknown option is an error with the nearest
// name.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scale/text.hpp"

namespace scale::cli {

struct OptionRecord {
    const char* name;  // "--until"
    const char* value; // what it takes ("S"); null when it takes nothing
    const char* help;
    bool repeatable = false;
};

// What was given: `--name value`, `--name=value`, and words.
class Arguments {
public:
    static Result<Arguments> parse(std::span<const std::string_view> given,
                                   std::span<const OptionRecord> known);

    const std::vector<std::string>& words() const { return words_; }
    bool has(std::string_view name) const;
    std::string text(std::string_view name) const; // of the last one given; empty when absent
    std::vector<std::string> all(std::string_view name) const;

    // Numbers within a range (both ends included); an error when what was given is none.
    Result<double> number(std::string_view name, double fallback, double least, double most) const;
    Result<std::uint64_t> whole(std::string_view name, std::uint64_t fallback, std::uint64_t least,
                                std::uint64_t most) const;

private:
    struct Given {
        std::string name, value;
    };
    std::vector<std::string> words_;
    std::vector<Given> options_;
};

// The whole text as a finite number; false when it is not one.
bool read_number(std::string_view text, double& value);

// The candidate that is nearest to a misspelt name; empty when none is near.
std::string nearest(std::string_view name, std::span<const std::string> candidates);
// `did you mean "x"?`, or `otherwise` when nothing is near.
std::string hint_for(std::string_view name, std::span<const std::string> candidates,
                     std::string_view otherwise = {});

} // namespace scale::cli
