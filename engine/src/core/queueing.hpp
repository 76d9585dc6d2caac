// Closed forms of single queues. Times in seconds, rates per second.
#pragma once

namespace scale::core {

// Probability that an arrival is lost in M/M/c/c (Erlang B), and that it waits in M/M/c (Erlang C; offered <
// servers). `offered` is rate x mean service.
double erlang_b(double offered, double servers);
double erlang_c(double offered, double servers);

// One queue in equilibrium. Means of those that are let in.
struct QueueFigures {
    double lost = 0;        // share of the arrivals that find it full
    double wait_chance = 0; // share of those let in that wait
    double wait_mean = 0;
    double waiting_mean = 0;  // number waiting
    double waiting_above = 0; // number waiting beyond the first `first` places of the queue
    double wait_cv2 = 1;      // squared cv of the wait of those that wait
    bool steady = true;       // it does not grow without end
};

// M/M/c with that many places to wait in (M/M/c/K with K = c + places).
QueueFigures multi_server(double rate, double service_mean, double servers, double places, double first);

// Mean wait of GI/G/c relative to that of M/M/c: Allen and Cunneen, with the correction of Kraemer and
// Langenbach-Belz for arrivals more even than Poisson. Exact for M/G/1.
double wait_factor(double arrival_cv2, double service_cv2, double busy);

// GI/M/1, arrivals gamma with that squared cv (0: evenly spaced; 1/k: every k-th of a Poisson stream): the
// probability that an arrival waits; the wait is then exponential with mean service / (1 - it).
double arrival_root(double busy, double arrival_cv2);

// Squared cv of the times between departures (Whitt's QNA).
double departure_cv2(double arrival_cv2, double service_cv2, double busy, double servers);

} // namespace scale::core
