#pragma once
// Words in both languages, and errors that a person can act on.

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace scale {

// Words fixed at compile time: names and help of kinds, parameters, metrics.
struct Words {
    const char* en = "";
    const char* ko = "";
};

// Words that come from a scenario.
struct Text {
    std::string en;
    std::string ko;
    bool empty() const { return en.empty() && ko.empty(); }
    bool operator==(const Text&) const = default;
};

enum class Language : unsigned char { english, korean };

inline const char* pick(const Words& words, Language language) {
    return language == Language::korean ? words.ko : words.en;
}
// The other language stands in where one is missing.
inline const std::string& pick(const Text& text, Language language) {
    if (language == Language::korean) return text.ko.empty() ? text.en : text.ko;
    return text.en.empty() ? text.ko : text.en;
}

// Bad input, answered: where it stands, what is wrong with it, what to do.
struct Error {
    std::string
        path; // JSON path ("$.nodes[2].cores"), flag or character position; empty when it is the whole
    std::string what; // "expected a whole number from 1 to 64, got 0"
    std::string hint; // "did you mean \"cores\"?"; may be empty

    std::string sentence() const {
        std::string out = path.empty() ? what : path + ": " + what;
        if (!hint.empty()) out += "; " + hint;
        return out;
    }
};

// A value or the error that explains why there is none.
template<class T>
class Result {
public:
    Result(T value) : holder_(std::move(value)) {}
    Result(Error error) : holder_(std::move(error)) {}
    explicit operator bool() const { return holder_.index() == 0; }
    T& operator*() { return *std::get_if<0>(&holder_); }
    const T& operator*() const { return *std::get_if<0>(&holder_); }
    T* operator->() { return std::get_if<0>(&holder_); }
    const T* operator->() const { return std::get_if<0>(&holder_); }
    const Error& error() const { return *std::get_if<1>(&holder_); }

private:
    std::variant<T, Error> holder_;
};

} // namespace scale
