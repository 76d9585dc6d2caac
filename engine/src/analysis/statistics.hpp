// Means with their uncertainty, and medians.
#pragma once

#include <cstddef>
#include <vector>

#include "scale/analysis.hpp"

namespace scale::analysis {

// The 0.975 quantile of Student's t; degrees of freedom from 1. Error < 0.001.
double student_t_975(std::size_t degrees);
double median(std::vector<double> values);

} // namespace scale::analysis
