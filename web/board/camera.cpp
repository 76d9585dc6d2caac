#include "camera.hpp"

#include <algorithm>
#include <cmath>

namespace scale::web {

namespace {
constexpr double k_margin = 24;       // around the design when it is fitted
constexpr double k_margin_below = 24; // more of it at the bottom, where buttons and legend are
constexpr double k_margin_near = 16;  // above a part that is looked at, board units
constexpr double k_glide_per_s = 14;  // share of the way left that is gone per second, continuously
constexpr double k_still = 1e-3;
} // namespace

void Camera::set_area(ImVec2 min, ImVec2 max, float keep_free_bottom) {
    min_ = min;
    max_ = {std::max(max.x, min.x + 1), std::max(max.y - keep_free_bottom, min.y + 1)};
}

Camera::Eye Camera::fitting() const {
    const double width = static_cast<double>(max_.x - min_.x), height = static_cast<double>(max_.y - min_.y);
    const double margin = std::min({k_margin, width / 12, height / 12});
    const double below = std::min(k_margin_below, height / 12);
    Eye eye;
    if (bounds_.width > 0 && bounds_.height > 0)
        eye.zoom =
            std::min((width - 2 * margin) / bounds_.width, (height - 2 * margin - below) / bounds_.height);
    eye.zoom = std::clamp(eye.zoom, k_zoom_least, k_zoom_fit_most);
    eye.x = bounds_.centre_x();
    eye.y = bounds_.centre_y() + below / 2 / eye.zoom;
    return eye;
}

void Camera::fit(bool at_once) {
    aim_ = fitting();
    if (at_once) now_ = aim_;
}

void Camera::look_at(const Box& box, double zoom, bool at_once) {
    const double half_height = static_cast<double>(max_.y - min_.y) / 2 / zoom - k_margin_near;
    aim_ = {box.centre_x(), std::min(box.centre_y(), box.y + half_height), zoom};
    if (at_once) now_ = aim_;
}

// At least a corner of the design stays within the area.
void Camera::hold(Eye& eye) const {
    eye.zoom = std::clamp(eye.zoom, k_zoom_least, k_zoom_most);
    const double half_width = static_cast<double>(max_.x - min_.x) / 2 / eye.zoom * 0.8;
    const double half_height = static_cast<double>(max_.y - min_.y) / 2 / eye.zoom * 0.8;
    eye.x = std::clamp(eye.x, bounds_.x - half_width, bounds_.right() + half_width);
    eye.y = std::clamp(eye.y, bounds_.y - half_height, bounds_.bottom() + half_height);
}

void Camera::zoom_about(ImVec2 screen, double factor, bool at_once) {
    const double dx = static_cast<double>(screen.x - (min_.x + max_.x) / 2);
    const double dy = static_cast<double>(screen.y - (min_.y + max_.y) / 2);
    const double fixed_x = aim_.x + dx / aim_.zoom, fixed_y = aim_.y + dy / aim_.zoom;
    aim_.zoom = std::clamp(aim_.zoom * factor, k_zoom_least, k_zoom_most);
    aim_.x = fixed_x - dx / aim_.zoom;
    aim_.y = fixed_y - dy / aim_.zoom;
    hold(aim_);
    if (at_once) now_ = aim_;
}

void Camera::pan(double dx, double dy, bool at_once) {
    aim_.x -= dx / now_.zoom;
    aim_.y -= dy / now_.zoom;
    hold(aim_);
    if (!at_once) return;
    now_.x = aim_.x;
    now_.y = aim_.y;
}

void Camera::show(const Box& box) {
    const double half_width = static_cast<double>(max_.x - min_.x) / 2 / aim_.zoom - k_margin / aim_.zoom;
    const double half_height = static_cast<double>(max_.y - min_.y) / 2 / aim_.zoom - k_margin / aim_.zoom;
    if (box.right() > aim_.x + half_width) aim_.x = box.right() - half_width;
    if (box.x < aim_.x - half_width) aim_.x = box.x + half_width;
    if (box.bottom() > aim_.y + half_height) aim_.y = box.bottom() - half_height;
    if (box.y < aim_.y - half_height) aim_.y = box.y + half_height;
}

bool Camera::glide(double elapsed_s) {
    const double share = 1 - std::exp(-k_glide_per_s * std::clamp(elapsed_s, 0.0, 0.1));
    const double pixels = (std::abs(aim_.x - now_.x) + std::abs(aim_.y - now_.y)) * aim_.zoom;
    const double stretch = std::abs(std::log(aim_.zoom / now_.zoom));
    if (pixels < 0.25 && stretch < k_still) {
        now_ = aim_;
        return false;
    }
    // The zoom glides by ratio, and the point that both views share stays where it is.
    const double zoom = now_.zoom * std::pow(aim_.zoom / now_.zoom, share);
    double moved = share;
    if (stretch >= k_still) moved = (1 / now_.zoom - 1 / zoom) / (1 / now_.zoom - 1 / aim_.zoom);
    now_.x += (aim_.x - now_.x) * moved;
    now_.y += (aim_.y - now_.y) * moved;
    now_.zoom = zoom;
    return true;
}

ImVec2 Camera::to_screen(double x, double y) const {
    return {(min_.x + max_.x) / 2 + static_cast<float>((x - now_.x) * now_.zoom),
            (min_.y + max_.y) / 2 + static_cast<float>((y - now_.y) * now_.zoom)};
}

Position Camera::to_board(ImVec2 screen) const {
    return {now_.x + static_cast<double>(screen.x - (min_.x + max_.x) / 2) / now_.zoom,
            now_.y + static_cast<double>(screen.y - (min_.y + max_.y) / 2) / now_.zoom};
}

} // namespace scale::web
