// Charts, on a canvas that only writes down what is drawn.

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "chart.hpp"
#include "chart_data.hpp"
#include "format.hpp"

using namespace scale;
using namespace scale::web;

namespace {

struct Notes : ChartCanvas {
    int lines = 0, rules = 0, dashed = 0, bands = 0, markers = 0;
    std::vector<std::string> texts;
    std::vector<Spot> spots;
    void line(std::span<const Spot> run, ChartColor, float) override {
        ++lines;
        spots.insert(spots.end(), run.begin(), run.end());
    }
    void rule(Spot, Spot, ChartColor, float, bool is_dashed) override {
        dashed += is_dashed;
        rules += !is_dashed;
    }
    void band(std::span<const Spot> upper, std::span<const Spot> lower, ChartColor) override {
        CHECK(upper.size() == lower.size());
        ++bands;
    }
    void marker(Spot, ChartColor, MarkerShape) override { ++markers; }
    void text(Spot, ChartAnchor, ChartColor, std::string_view words) override { texts.emplace_back(words); }
    float text_width(std::string_view words) override { return 6 * static_cast<float>(words.size()); }
    bool says(const std::string& words) const {
        return std::find(texts.begin(), texts.end(), words) != texts.end();
    }
};

constexpr ChartColors k_colors{1, 2, 3, 4};
constexpr ChartBox k_box{10, 20, 600, 200};

ChartMarker mark(double at_s, const char* label, ChartColor color, const char* brief = "") {
    return {at_s, label, color, MarkerShape::diamond, brief};
}

ChartData sample() {
    ChartData data;
    data.x_most_s = 60;
    data.y_most = 100;
    data.now_s = 30;
    data.unit = "ms";
    data.curves.push_back({"p50", {10, 20, 30, -1, -1, 40, 50}, 7});
    return data;
}

} // namespace

TEST_CASE("steps of axes are round") {
    CHECK(nice_step(100, 4) == doctest::Approx(25));
    CHECK(nice_step(60, 6) == doctest::Approx(10));
    CHECK(nice_step(0.07, 4) == doctest::Approx(0.02));
    CHECK(nice_step(0, 4) == 1);
    CHECK(nice_step(1e9, 4) == doctest::Approx(2.5e8));
    for (double largest : {0.003, 0.9, 7.0, 83.0, 100.0, 12345.0}) {
        CHECK(nice_top(largest) >= largest);
        CHECK(nice_top(largest) <= largest * 1.6);
    }
    CHECK(nice_end_s(10, 300) == 30);
    CHECK(nice_end_s(31, 300) == 60);
    CHECK(nice_end_s(290, 300) == 300);
    CHECK(nice_end_s(10, 20) == 20);
}

TEST_CASE("a gap in the measurement is a gap in the line") {
    Notes notes;
    const ChartData data = sample();
    draw_chart(notes, data, k_colors, k_box);
    CHECK(notes.lines == 2);
    CHECK(notes.spots.size() == 5);
}

TEST_CASE("values stand where the axes say") {
    Notes notes;
    ChartData data = sample();
    data.curves[0].values = {0, 50, 100, 1000};
    draw_chart(notes, data, k_colors, k_box);
    const ChartBox plot = plot_area(notes, data, k_box);
    REQUIRE(notes.spots.size() == 4);
    CHECK(notes.spots[0].y == doctest::Approx(plot.bottom()));
    CHECK(notes.spots[1].y == doctest::Approx(plot.y + plot.height / 2));
    CHECK(notes.spots[2].y == doctest::Approx(plot.y));
    CHECK(notes.spots[3].y == doctest::Approx(plot.y));
    CHECK(notes.spots[0].x == doctest::Approx(plot.x + plot.width * 0.5f / 60));
    CHECK(notes.says("100"));
    CHECK(notes.says("ms"));
    CHECK(notes.says("01:00"));
}

TEST_CASE("a part of the time is drawn as far as its edges, and as high as what is in it") {
    Notes notes;
    ChartData data = sample();
    data.curves[0].values = {0, 50, 100, 50, 0, 0, 0, 0, -1, 10};
    data.bands = {{0, -1, 7}};
    data.x_least_s = 2;
    data.x_most_s = 4;
    const ChartColumns shown = shown_columns(data, 10);
    CHECK(shown.first == 1);
    CHECK(shown.end == 5);
    draw_chart(notes, data, k_colors, k_box);
    const ChartBox plot = plot_area(notes, data, k_box);
    REQUIRE(notes.spots.size() == 4);
    CHECK(notes.spots.front().x == plot.x); // where the line from the value before crosses the edge
    CHECK(notes.spots.front().y == doctest::Approx(plot.bottom() - plot.height * 0.75f));
    CHECK(notes.spots.back().x == plot.right());
    CHECK(notes.spots.back().y == doctest::Approx(plot.bottom() - plot.height * 0.25f));
    CHECK(notes.bands == 1);
    CHECK(notes.says("00:02"));
    CHECK(notes.says("00:04"));
    CHECK_FALSE(notes.says("00:01"));
    Notes later; // beyond all values
    data.x_least_s = 20;
    data.x_most_s = 25;
    draw_chart(later, data, k_colors, k_box);
    CHECK(later.lines == 0);
    CHECK(later.bands == 0);
    Notes single; // one value alone, between gaps
    data.x_least_s = 9;
    data.x_most_s = 12;
    draw_chart(single, data, k_colors, k_box);
    CHECK(single.lines == 0);
    CHECK(single.markers == 1);
}

TEST_CASE("where values stand apart each one is marked: between them nothing was measured") {
    Notes notes;
    ChartData data = sample();
    data.curves[0].values = std::vector<float>(60, 50);
    draw_chart(notes, data, k_colors, k_box);
    const int grid = notes.rules;
    data.x_most_s = 10;
    data.now_s = 30;
    Notes near;
    draw_chart(near, data, k_colors, k_box);
    CHECK(near.rules == grid - 1 + 10); // the clock's line is out of sight
}

TEST_CASE("a chart's clock goes in whole seconds") {
    struct Axis {
        double span_s;
        int parts;
        double step_s;
    };
    for (const Axis& axis : {Axis{5, 8, 1},
                             {5, 40, 1},
                             {20, 8, 5},
                             {60, 6, 10},
                             {300, 7, 60},
                             {7200, 8, 1200},
                             {86400, 8, 14400},
                             {864000, 8, 172800}}) {
        CAPTURE(axis.span_s);
        CHECK(time_step(axis.span_s, axis.parts) == axis.step_s);
    }
}

TEST_CASE("labels of marks do not lie on each other; the marks stand") {
    Notes notes;
    ChartData data = sample();
    data.markers = {mark(20, "a longer first", 1, "first"), mark(27, "second", 1), mark(27.5, "near", 1),
                    mark(50, "third", 1), mark(99, "outside", 1)};
    draw_chart(notes, data, k_colors, k_box);
    CHECK(notes.says("first"));
    CHECK_FALSE(notes.says("a longer first"));
    CHECK_FALSE(notes.says("second"));
    CHECK(notes.says("near"));
    CHECK(notes.says("third"));
    CHECK_FALSE(notes.says("outside"));
    CHECK(notes.markers == 5); // four marks and the head
}

TEST_CASE("labels of marks leave room for words at either end; the marks stand") {
    ChartData data = sample();
    data.markers = {mark(1, "early", 1), mark(30, "middle", 1), mark(56, "late", 1)};
    Notes notes;
    draw_chart(notes, data, k_colors, k_box);
    for (const char* label : {"early", "middle", "late"}) CHECK(notes.says(label));
    Notes roomy;
    data.marks_start = data.marks_end = 60;
    draw_chart(roomy, data, k_colors, k_box);
    CHECK_FALSE(roomy.says("early"));
    CHECK(roomy.says("middle"));
    CHECK_FALSE(roomy.says("late"));
    CHECK(roomy.markers == notes.markers);
}

TEST_CASE("a rule's label lies on a ground of its own, over lines and marks") {
    Notes notes;
    ChartData data = sample();
    data.rules = {{50, "half", 7}, {51, "too near", 7}, {900, "beyond", 7}};
    draw_chart(notes, data, k_colors, k_box);
    CHECK(notes.dashed == 2);
    CHECK(notes.bands == 1);
    CHECK(notes.says("half"));
    CHECK_FALSE(notes.says("too near"));
    CHECK_FALSE(notes.says("beyond"));
}

TEST_CASE("the readout tells what stood there") {
    const ChartData data = sample();
    CHECK(read_chart(data, 1.5).lines == std::vector<std::string>{"p50  20"});
    CHECK(read_chart(data, 3.5).lines.empty());
    CHECK(read_chart(data, 59).lines.empty());
    CHECK(read_chart(data, -1).lines.empty());
}

TEST_CASE("the readout names the marks that stand near, also those without room for a label") {
    ChartData data = sample();
    data.markers = {mark(1, "kill", 9), mark(1.2, "restore", 8)};
    CHECK(read_chart(data, 1.1, 0.2).lines == std::vector<std::string>{"p50  20", "kill", "restore"});
    CHECK(read_chart(data, 1.1, 0.2).colors == std::vector<ChartColor>{7, 9, 8});
    CHECK(read_chart(data, 1.1).lines.size() == 1);
}

TEST_CASE("the readout of a long run tells how many seconds a value stands for") {
    ChartData data = sample();
    data.step_s = 4;
    CHECK(read_chart(data, 6.5).lines == std::vector<std::string>{"p50  20"});
    CHECK(read_chart(data, 6.5).at_s == 4);
    CHECK(read_chart(data, 6.5).step_s == 4);
}

TEST_CASE("a chart without room or data draws nothing wrong") {
    Notes notes;
    draw_chart(notes, sample(), k_colors, {0, 0, 30, 10});
    CHECK(notes.texts.empty());
    ChartData data;
    draw_chart(notes, data, k_colors, k_box);
    CHECK(notes.lines == 0);
}

TEST_CASE("the picture is well-formed and escapes what it is told") {
    ChartData data = sample();
    data.markers = {mark(20, "a < b & \"c\"", 0xFF0000FFu)};
    data.bands = {{0, -1, 0x80FFFFFFu}};
    const std::string svg = chart_svg(data, k_colors, 640, 200);
    CHECK(svg.find("a &lt; b &amp; &quot;c&quot;") != std::string::npos);
    CHECK(svg.find("<polygon") != std::string::npos);
    CHECK(svg.find("#ff0000") != std::string::npos);
    CHECK(svg.find("fill-opacity=\"0.502\"") != std::string::npos);
    int open = 0;
    for (std::size_t i = 0; i < svg.size(); ++i) open += svg[i] == '<' ? 1 : svg[i] == '>' ? -1 : 0;
    CHECK(open == 0);
    CHECK(svg.ends_with("</svg>\n"));
}

TEST_CASE("figures read as a person writes them") {
    CHECK(format_count(0) == "0");
    CHECK(format_count(412) == "412");
    CHECK(format_count(1240) == "1,240");
    CHECK(format_count(12'400) == "12.4 k");
    CHECK(format_count(3'100'000) == "3.1 M");
    CHECK(format_plain(12'500'000) == "12,500,000");
    CHECK(format_plain(0.25) == "0.25");
    CHECK(format_plain(-1234.5) == "-1,234.5");
    CHECK(format_milliseconds(18.34) == "18.3 ms");
    CHECK(format_milliseconds(1240) == "1.24 s");
    CHECK(format_percent(0.9997) == "99.97 %");
    CHECK(format_percent(0.612) == "61 %");
    CHECK(format_percent(0) == "0 %");
    CHECK(format_percent(1) == "100 %");
    CHECK(format_rate(1240) == "1,240 /s");
    CHECK(format_usd(1482.4) == "$1,482");
    CHECK(format_clock(108.9) == "01:48");
    CHECK(format_clock(3723) == "1:02:03");
    const double not_a_number = std::numeric_limits<double>::quiet_NaN();
    CHECK(format_milliseconds(not_a_number) == "-");
    CHECK(format_plain(not_a_number) == "-");
}

TEST_CASE("a time without answers is found, where something was asked for") {
    constexpr Stretch k_ages{0, 1e6};
    scale::Series series;
    series.step_s = 2;
    const auto add = [&](int columns, float arrivals, float completed) {
        for (int i = 0; i < columns; ++i) {
            scale::Point point{};
            point.arrivals_per_s = arrivals;
            point.completed_per_s = completed;
            series.points.push_back(point);
        }
    };
    CHECK(longest_gap(series, k_ages).end_s == 0);
    add(5, 10, 10);
    add(2, 10, 0); // too short to tell of
    add(3, 10, 10);
    add(9, 0, 0); // nobody asked
    add(1, 10, 10);
    CHECK(longest_gap(series, k_ages).end_s == longest_gap(series, k_ages).start_s);
    add(4, 10, 0);
    CHECK(longest_gap(series, k_ages).still);
    CHECK(longest_gap(series, k_ages).start_s == 40);
    add(1, 10, 5);
    CHECK_FALSE(longest_gap(series, k_ages).still);
    CHECK(longest_gap(series, k_ages).end_s == 48);
    add(3, 10, 0); // shorter than the one before
    CHECK(longest_gap(series, k_ages).start_s == 40);
    // Only what is looked at.
    CHECK(longest_gap(series, {50, 56}).start_s == 50);
    CHECK(longest_gap(series, {50, 56}).still);
    CHECK(longest_gap(series, {30, 46}).end_s == 48);
    CHECK(longest_gap(series, {0, 18}).end_s == longest_gap(series, {0, 18}).start_s);
}

TEST_CASE("words find a place where no line goes through them") {
    const auto is = [](std::optional<float> at, float expected) { return at && *at == expected; };
    CHECK(is(free_middle(0, 100, 10, 50, std::nullopt), 50));
    CHECK(is(free_middle(0, 100, 10, 50, 80), 50));
    CHECK(is(free_middle(0, 100, 10, 50, 52), 42)); // the nearer side
    CHECK(is(free_middle(0, 100, 10, 50, 48), 58));
    CHECK(is(free_middle(0, 100, 10, 3, 12), 22)); // no room at the left
    CHECK(is(free_middle(0, 100, 10, 99, 85), 75));
    CHECK(is(free_middle(0, 20, 10, 50, std::nullopt), 10));
    CHECK_FALSE(free_middle(0, 19, 10, 9, std::nullopt));
    CHECK_FALSE(free_middle(0, 38, 10, 19, 19));
}
