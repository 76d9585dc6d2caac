// Where the particles stand on the screen, and how they look when the list has to draw them.

#include <algorithm>
#include <cmath>

#include "particles.hpp"

namespace scale::web {

namespace {

constexpr float k_lane = 2.4f;    // board units: requests keep to one side of the line, answers to the other
constexpr float k_size = 7.5f;    // board units
constexpr float k_marks_most = 8; // on one edge

float size_at(double zoom) { return std::clamp(k_size * static_cast<float>(zoom), 3.0f, 13.0f); }

} // namespace

void ParticleStream::place(const Camera& camera, const Palette& colors, ImVec2 area_min, ImVec2 area_max,
                           std::span<const EdgePath> paths, std::vector<Particle>& out) const {
    out.clear();
    const float size = size_at(camera.zoom()), margin = size;
    for (const Flight& flight : flights_) {
        if (flight.start_s > clock_s_ || flight.edge >= paths.size()) continue;
        const float way = static_cast<float>((clock_s_ - flight.start_s) / (flight.end_s - flight.start_s));
        const ImVec2 p = paths[flight.edge].at(flight.back ? 1 - way : way, flight.back ? -k_lane : k_lane);
        const ImVec2 at = camera.to_screen(static_cast<double>(p.x), static_cast<double>(p.y));
        if (at.x < area_min.x - margin || at.y < area_min.y - margin || at.x > area_max.x + margin ||
            at.y > area_max.y + margin)
            continue;
        // An answer that went well is the quiet part of the picture.
        const bool quiet = flight.back && flight.shape == ParticleShape::dot;
        const ImU32 color = particle_color(colors, flight.shape);
        out.push_back({at.x, at.y, quiet ? size * 0.66f : size, quiet ? with_alpha(color, 0.6f) : color,
                       static_cast<std::uint32_t>(flight.shape)});
    }
}

void ParticleStream::place_marks(const Camera& camera, const Palette& colors, std::span<const EdgePath> paths,
                                 std::vector<Particle>& out) const {
    out.clear();
    const float size = size_at(camera.zoom());
    for (std::size_t edge = 0; edge < std::min(paths.size(), density_.size()); ++edge) {
        const auto& counts = density_[edge].shown;
        std::uint32_t total = 0;
        for (std::uint32_t count : counts) total += count;
        if (!total) continue;
        const float room = std::max(1.0f, paths[edge].length() / 12);
        const float marks =
            std::min({k_marks_most, room, 1 + std::floor(std::log2(static_cast<float>(total)))});
        // Each mark shows what stands at its share of all that passed, rare ones first.
        for (float k = 0; k < marks; ++k) {
            float position = (k + 0.5f) / marks * static_cast<float>(total);
            std::size_t shape = k_shapes - 1;
            while (shape > 0 && position >= static_cast<float>(counts[shape])) {
                position -= static_cast<float>(counts[shape]);
                --shape;
            }
            const ImVec2 p = paths[edge].at((k + 1) / (marks + 1));
            const ImVec2 at = camera.to_screen(static_cast<double>(p.x), static_cast<double>(p.y));
            out.push_back({at.x, at.y, size, particle_color(colors, static_cast<ParticleShape>(shape)),
                           static_cast<std::uint32_t>(shape)});
        }
    }
}

void draw_particles(ImDrawList* list, std::span<const Particle> particles) {
    for (const Particle& particle : particles) {
        const ImVec2 c{particle.x, particle.y};
        const float r = particle.size / 2, line = std::max(1.2f, r * 0.5f);
        switch (static_cast<ParticleShape>(particle.shape)) {
        case ParticleShape::dot:
            list->AddCircleFilled(c, r + std::max(1.5f, r * 0.5f), with_alpha(particle.color, 0.25f));
            list->AddCircleFilled(c, r, particle.color);
            break;
        case ParticleShape::ring: list->AddCircle(c, r - line / 4, particle.color, 0, line); break;
        case ParticleShape::triangle:
            list->AddTriangleFilled({c.x, c.y - r * 1.15f}, {c.x + r * 1.1f, c.y + r * 0.8f},
                                    {c.x - r * 1.1f, c.y + r * 0.8f}, particle.color);
            break;
        case ParticleShape::cross:
            list->AddLine({c.x - r, c.y - r}, {c.x + r, c.y + r}, particle.color, line);
            list->AddLine({c.x - r, c.y + r}, {c.x + r, c.y - r}, particle.color, line);
            break;
        case ParticleShape::square:
            list->AddRectFilled({c.x - r * 0.85f, c.y - r * 0.85f}, {c.x + r * 0.85f, c.y + r * 0.85f},
                                particle.color);
            break;
        case ParticleShape::diamond:
            list->AddQuadFilled({c.x, c.y - r * 1.15f}, {c.x + r * 1.15f, c.y}, {c.x, c.y + r * 1.15f},
                                {c.x - r * 1.15f, c.y}, particle.color);
            break;
        }
    }
}

} // namespace scale::web
