#pragma once
// Particles by OpenGL ES 3 / WebGL 2: one instanced draw call per board, in the middle of ImGui's own.

#include <vector>

#include "board_input.hpp"

namespace scale::web {

class GlParticleSink final : public ParticleSink {
public:
    GlParticleSink() = default;
    ~GlParticleSink() override = default; // GL objects go with their context, or by destroy()
    GlParticleSink(const GlParticleSink&) = delete;
    GlParticleSink& operator=(const GlParticleSink&) = delete;

    // Compiles and allocates; a context must be current. False when the shaders did not compile: then the
    // board draws on ImGui's list instead. Call again after a lost context came back.
    bool create();
    void destroy();
    // The context is gone and took everything with it: forget, delete nothing.
    void forget();
    bool ready() const { return program_ != 0; }
    const char* error() const { return error_; }

    void submit(ImDrawList* list, std::span<const Particle> particles, ImVec2 clip_min,
                ImVec2 clip_max) override;

private:
    struct Batch {
        GlParticleSink* sink;
        std::size_t first, count;
        ImVec2 clip_min, clip_max;
    };
    static void on_draw(const ImDrawList* list, const ImDrawCmd* command);
    void draw(const Batch& batch);
    bool compile();

    unsigned program_ = 0, vertex_array_ = 0, buffer_ = 0;
    int view_ = -1;
    int frame_ = -1;
    std::vector<Particle> staged_; // of all boards of this frame
    char error_[256] = "";
};

} // namespace scale::web
