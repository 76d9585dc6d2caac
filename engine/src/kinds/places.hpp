// Places on the globe and how far they are apart. The list only grows: links know a place by its number.
#pragma once

#include "core/maths.hpp"
#include "scale/kind.hpp"

#include <iterator>

namespace scale::kind::places {

struct Spot {
    double latitude = 0, longitude = 0; // degrees, north and east positive
};

// Cities where cloud providers have a region. The first takes the coordinates of the node.
inline constexpr Choice k_places[] = {
    {"custom", {"coordinates below", "아래 좌표"}},
    {"seoul", {"Seoul", "서울"}},
    {"tokyo", {"Tokyo", "도쿄"}},
    {"singapore", {"Singapore", "싱가포르"}},
    {"mumbai", {"Mumbai", "뭄바이"}},
    {"sydney", {"Sydney", "시드니"}},
    {"frankfurt", {"Frankfurt", "프랑크푸르트"}},
    {"london", {"London", "런던"}},
    {"dublin", {"Dublin", "더블린"}},
    {"stockholm", {"Stockholm", "스톡홀름"}},
    {"bahrain", {"Bahrain", "바레인"}},
    {"cape-town", {"Cape Town", "케이프타운"}},
    {"virginia", {"Virginia", "버지니아"}},
    {"ohio", {"Ohio", "오하이오"}},
    {"oregon", {"Oregon", "오리건"}},
    {"california", {"California", "캘리포니아"}},
    {"sao-paulo", {"São Paulo", "상파울루"}},
};
inline constexpr Spot k_spots[] = {
    {0, 0},          {37.57, 126.98}, {35.68, 139.69}, {1.35, 103.82},  {19.08, 72.88},   {-33.87, 151.21},
    {50.11, 8.68},   {51.51, -0.13},  {53.35, -6.26},  {59.33, 18.07},  {26.07, 50.55},   {-33.92, 18.42},
    {38.95, -77.45}, {39.96, -83.00}, {45.84, -119.7}, {37.34, -121.9}, {-23.55, -46.63},
};
static_assert(std::size(k_places) == std::size(k_spots));
static_assert(std::size(k_places) < 63, "a cut is a bit of a word for each place");

inline constexpr double k_earth_km = 6371;         // mean radius
inline constexpr double k_fibre_km_per_ms = 199.9; // two thirds of the speed of light

// 0 <= x <= 1; Newton's method on the sine, where it is steep.
inline double arc_sine(double x) {
    constexpr double k_quarter_turn = 1.57079632679489661923;
    if (x > 0.7) return k_quarter_turn - 2 * arc_sine(core::sqrt((1 - (x < 1 ? x : 1)) / 2));
    double angle = x;
    for (int i = 0; i < 5; ++i) angle -= (core::sin(angle) - x) / core::cos(angle);
    return angle;
}

// Along the great circle (haversine).
inline double distance_km(Spot a, Spot b) {
    constexpr double k_radians = 3.14159265358979323846 / 180;
    const double up = core::sin((b.latitude - a.latitude) * k_radians / 2);
    const double across = core::sin((b.longitude - a.longitude) * k_radians / 2);
    const double flat = core::cos(a.latitude * k_radians) * core::cos(b.latitude * k_radians);
    const double square = up * up + flat * across * across;
    return 2 * k_earth_km * arc_sine(core::sqrt(square > 0 ? square : 0));
}

} // namespace scale::kind::places
