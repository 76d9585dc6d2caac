#include "core/queueing.hpp"

#include "core/maths.hpp"

namespace scale::core {

namespace {

// Sums over j = 0 .. places of r^j, j r^j and j^2 r^j.
struct Powers {
    double count = 0, first = 0, second = 0, last = 0; // last: r^places
};

Powers endless(double r) {
    const double rest = 1 - r;
    return {1 / rest, r / (rest * rest), r * (1 + r) / (rest * rest * rest), 0};
}

Powers powers(double r, double places) {
    constexpr double k_summed = 4000;
    if (r < 1 && places * (1 - r) > 60) return endless(r); // what is cut off is below 1e-26
    Powers out;
    if (places <= k_summed) {
        double power = 1;
        for (double j = 0; j <= places; j += 1) {
            out.count += power;
            out.first += j * power;
            out.second += j * j * power;
            out.last = power;
            power *= r;
        }
        return out;
    }
    // Too many to add up, and r so near to 1 that an integral over slices does.
    const double growth = log(r);
    constexpr int k_slices = 4000;
    for (int i = 0; i < k_slices; ++i) {
        const double x = -0.5 + (places + 1) * (i + 0.5) / k_slices;
        const double weight = exp(growth * x) * (places + 1) / k_slices;
        out.count += weight;
        out.first += x * weight;
        out.second += x * x * weight;
    }
    out.last = exp(growth * places);
    return out;
}

// With every place full, far above the limit: those let in wait for all places before them.
QueueFigures flooded(double offered, double service_mean, double servers, double places, double first) {
    QueueFigures out;
    const double r = offered / servers;
    out.lost = 1 - 1 / r;
    out.wait_chance = 1;
    out.waiting_mean = places - 1 / (r - 1);
    if (out.waiting_mean < 0) out.waiting_mean = 0;
    out.waiting_above = out.waiting_mean > first ? out.waiting_mean - first : 0;
    out.wait_mean = out.waiting_mean * service_mean / servers;
    const double spread = r / ((r - 1) * (r - 1)) + out.waiting_mean; // of the number, then of the services
    out.wait_cv2 = out.waiting_mean > 0 ? spread / (out.waiting_mean * out.waiting_mean) : 1;
    return out;
}

} // namespace

double erlang_b(double offered, double servers) {
    double blocked = 1;
    for (double i = 1; i <= servers; i += 1) blocked = offered * blocked / (i + offered * blocked);
    return blocked;
}

double erlang_c(double offered, double servers) {
    const double blocked = erlang_b(offered, servers);
    const double busy = offered / servers;
    return busy < 1 ? blocked / (1 - busy * (1 - blocked)) : 1;
}

QueueFigures multi_server(double rate, double service_mean, double servers, double places, double first) {
    QueueFigures out;
    const double offered = rate * service_mean;
    if (offered == 0) return out;
    const double r = offered / servers;
    if (r > 1 && places * (r - 1) > 60) return flooded(offered, service_mean, servers, places, first);
    const double blocked = erlang_b(offered, servers);
    const Powers all = powers(r, places);
    // The states with a free server weigh 1 - blocked, the one with all busy and nobody waiting `blocked`.
    const double whole = 1 - blocked + blocked * all.count;
    out.lost = blocked * all.last / whole;
    out.waiting_mean = blocked * all.first / whole;
    const double let_in = 1 - out.lost;
    out.wait_chance = blocked * (all.count - all.last) / whole / let_in;
    if (out.wait_chance < 0) out.wait_chance = 0;
    out.wait_mean = out.waiting_mean / (rate * let_in);
    if (first >= places) {
        out.waiting_above = 0;
    } else {
        const Powers above = powers(r, places - first);
        out.waiting_above = blocked * exp(first * log(r)) * above.first / whole;
    }
    if (out.wait_chance > 0 && places < 1e9) {
        // Someone let in who finds j waiting waits for j + 1 services.
        const double step = service_mean / servers;
        const double weight = blocked / whole / let_in / out.wait_chance;
        const double lost_first = all.last, n = places;
        const double mean = weight * step * (all.first + all.count - lost_first * (n + 1));
        const double square = weight * step * step *
                              (all.second + 3 * all.first + 2 * all.count - lost_first * (n + 1) * (n + 2));
        out.wait_cv2 = mean > 0 ? square / (mean * mean) - 1 : 1;
    }
    return out;
}

double wait_factor(double arrival_cv2, double service_cv2, double busy) {
    const double spread = (arrival_cv2 + service_cv2) / 2;
    if (arrival_cv2 >= 1 || spread == 0) return spread;
    const double gap = 1 - arrival_cv2;
    return spread * exp(-2 * (1 - busy) / (3 * busy) * gap * gap / (2 * spread));
}

double arrival_root(double busy, double arrival_cv2) {
    // sigma = A*((1 - sigma) / service): the smallest root, found from below where the curve is convex.
    double low = 0, high = 1;
    for (int i = 0; i < 80; ++i) {
        const double sigma = (low + high) / 2;
        const double x = (1 - sigma) / busy; // in units of the time between arrivals
        const double value = arrival_cv2 < 1e-6 ? exp(-x) : exp(-log1p(x * arrival_cv2) / arrival_cv2);
        (value > sigma ? low : high) = sigma;
    }
    return low;
}

double departure_cv2(double arrival_cv2, double service_cv2, double busy, double servers) {
    const double square = busy < 1 ? busy * busy : 1;
    return 1 + (1 - square) * (arrival_cv2 - 1) + square / sqrt(servers) * (service_cv2 - 1);
}

} // namespace scale::core
