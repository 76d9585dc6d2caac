// Memory that is read here and there over many megabytes is found faster in large pages: with small ones the
// processor looks up where nearly every access goes (1,000 systems at once: half as fast). Asked
// for where the system has them on request; elsewhere nothing changes.
#pragma once

#include <cstddef>

namespace scale::core {

inline constexpr std::size_t k_large_page = std::size_t{1} << 21;

// Advises the system about fresh memory, as far as whole large pages lie in it; no promise, and no difference
// but time.
void prefer_large_pages(void* memory, std::size_t bytes);

} // namespace scale::core
