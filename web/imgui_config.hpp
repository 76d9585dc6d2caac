#pragma once
// How Dear ImGui is built for us (IMGUI_USER_CONFIG): nothing that the page does not use.

#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS
#define IMGUI_DISABLE_DEMO_WINDOWS
#define IMGUI_DISABLE_DEBUG_TOOLS
#define IMGUI_DISABLE_DEFAULT_FONT
#define IMGUI_DISABLE_FILE_FUNCTIONS
#define IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS
#define IMGUI_DISABLE_WIN32_FUNCTIONS
#define ImDrawIdx unsigned int

#include "spot.hpp"

#define IM_VEC2_CLASS_EXTRA                                                                                  \
    constexpr ImVec2(const scale::web::Spot& spot) : x(spot.x), y(spot.y) {}                                 \
    operator scale::web::Spot() const { return {x, y}; }
