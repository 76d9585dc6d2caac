// Means with their uncertainty, and medians.
#pragma once

#include <span>
#include <vector>

namespace scale::cli {

struct Estimate {
    double mean = 0;
    double ci95 = 0; // half-width of the 95 % interval; NaN from fewer than two values
};

// Student's t. Values that are not finite are left out; all of them missing gives NaN.
Estimate estimate(std::span<const double> values);
// The 0.975 quantile of Student's t; degrees of freedom from 1. Error < 0.001.
double student_t_975(std::size_t degrees);
double median(std::vector<double> values);

} // namespace scale::cli
