#pragma once
// Where the eye is: board units to CSS pixels of the canvas and back, gliding towards its aim.

#include "imgui.h"
#include "layout.hpp"

namespace scale::web {

inline constexpr double k_zoom_least = 0.08, k_zoom_most = 4;
inline constexpr double k_zoom_fit_most = 1.15; // small designs are not blown up further

class Camera {
public:
    void set_area(ImVec2 min, ImVec2 max, float keep_free_bottom);
    void set_bounds(const Box& bounds) { bounds_ = bounds; }

    void fit(bool at_once);
    double fitting_zoom() const { return fitting().zoom; }
    // A part of the design, with the zoom that is wanted; what is larger is seen from its upper edge on.
    void look_at(const Box& box, double zoom, bool at_once);
    void zoom_about(ImVec2 screen, double factor, bool at_once = false);
    void pan(double dx, double dy, bool at_once = true); // CSS pixels
    // Brings a box into view, if it is not.
    void show(const Box& box);
    // Moves towards the aim; true while it is not there yet.
    bool glide(double elapsed_s);
    void arrive() { now_ = aim_; }

    double zoom() const { return now_.zoom; }
    double aim_zoom() const { return aim_.zoom; }
    ImVec2 to_screen(double x, double y) const;
    ImVec2 to_screen(Position p) const { return to_screen(p.x, p.y); }
    Position to_board(ImVec2 screen) const;

private:
    struct Eye {
        double x = 0, y = 0, zoom = 1; // board point in the middle of the area
    };
    Eye fitting() const;
    void hold(Eye& eye) const;

    Eye now_, aim_;
    Box bounds_;
    ImVec2 min_{0, 0}, max_{1, 1};
};

} // namespace scale::web
