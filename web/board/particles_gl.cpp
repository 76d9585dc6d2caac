#include "particles_gl.hpp"

#include <GLES3/gl3.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "particles.hpp"
#include "shader_files.hpp"

namespace scale::web {

namespace {

std::string_view shader_text(std::string_view path) {
    for (const shader_files::File& file : shader_files::k_files)
        if (file.path == path) return file.text;
    return {};
}

GLuint compile_shader(GLenum type, std::string_view path, char* error, GLsizei room) {
    const std::string_view text = shader_text(path);
    const GLchar* source = text.data();
    const GLint length = static_cast<GLint>(text.size());
    const GLuint shader = glCreateShader(type);
    glShaderSource(shader, 1, &source, &length);
    glCompileShader(shader);
    GLint fine = 0;
    glGetShaderiv(shader, GL_COMPILE_STATUS, &fine);
    if (fine) return shader;
    glGetShaderInfoLog(shader, room, nullptr, error);
    glDeleteShader(shader);
    return 0;
}

const void* offset(std::size_t bytes) { return reinterpret_cast<const void*>(bytes); }

// What ImGui's backend expects to find as it left it; the rest it sets itself on ResetRenderState.
struct HeldState {
    GLint vertex_array = 0, buffer = 0, program = 0;
    HeldState() {
        glGetIntegerv(GL_VERTEX_ARRAY_BINDING, &vertex_array);
        glGetIntegerv(GL_ARRAY_BUFFER_BINDING, &buffer);
        glGetIntegerv(GL_CURRENT_PROGRAM, &program);
    }
    ~HeldState() {
        glBindVertexArray(static_cast<GLuint>(vertex_array));
        glBindBuffer(GL_ARRAY_BUFFER, static_cast<GLuint>(buffer));
        glUseProgram(static_cast<GLuint>(program));
    }
};

} // namespace

bool GlParticleSink::compile() {
    const GLuint vertex = compile_shader(GL_VERTEX_SHADER, "shaders/particle.vert", error_, sizeof error_);
    const GLuint fragment =
        compile_shader(GL_FRAGMENT_SHADER, "shaders/particle.frag", error_, sizeof error_);
    GLint fine = 0;
    if (vertex && fragment) {
        program_ = glCreateProgram();
        glAttachShader(program_, vertex);
        glAttachShader(program_, fragment);
        glLinkProgram(program_);
        glGetProgramiv(program_, GL_LINK_STATUS, &fine);
        if (!fine) {
            glGetProgramInfoLog(program_, sizeof error_, nullptr, error_);
            glDeleteProgram(program_);
            program_ = 0;
        }
    }
    glDeleteShader(vertex);
    glDeleteShader(fragment);
    return fine != 0;
}

bool GlParticleSink::create() {
    const HeldState held;
    if (!compile()) return false;
    view_ = glGetUniformLocation(program_, "u_view");
    glGenVertexArrays(1, &vertex_array_);
    glGenBuffers(1, &buffer_);
    glBindVertexArray(vertex_array_);
    glBindBuffer(GL_ARRAY_BUFFER, buffer_);
    for (GLuint slot = 0; slot < 4; ++slot) {
        glEnableVertexAttribArray(slot);
        glVertexAttribDivisor(slot, 1);
    }
    return true;
}

void GlParticleSink::destroy() {
    if (program_) glDeleteProgram(program_);
    if (vertex_array_) glDeleteVertexArrays(1, &vertex_array_);
    if (buffer_) glDeleteBuffers(1, &buffer_);
    forget();
}

void GlParticleSink::forget() {
    program_ = vertex_array_ = buffer_ = 0;
    view_ = -1;
    staged_.clear();
}

void GlParticleSink::submit(ImDrawList* list, std::span<const Particle> particles, ImVec2 clip_min,
                            ImVec2 clip_max) {
    if (particles.empty()) return;
    if (!ready()) {
        draw_particles(list, particles);
        return;
    }
    if (frame_ != ImGui::GetFrameCount()) staged_.clear();
    frame_ = ImGui::GetFrameCount();
    Batch batch{this, staged_.size(), particles.size(), clip_min, clip_max};
    staged_.insert(staged_.end(), particles.begin(), particles.end());
    list->AddCallback(on_draw, &batch, sizeof batch); // the list keeps a copy
    list->AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

void GlParticleSink::on_draw(const ImDrawList*, const ImDrawCmd* command) {
    const Batch& batch = *static_cast<const Batch*>(command->UserCallbackData);
    batch.sink->draw(batch);
}

void GlParticleSink::draw(const Batch& batch) {
    const ImDrawData* data = ImGui::GetDrawData();
    if (!ready() || !data || batch.first + batch.count > staged_.size()) return;
    const ImVec2 size = data->DisplaySize, origin = data->DisplayPos, scale = data->FramebufferScale;
    const float height = size.y * scale.y;
    const float left = (batch.clip_min.x - origin.x) * scale.x,
                right = (batch.clip_max.x - origin.x) * scale.x;
    const float top = (batch.clip_min.y - origin.y) * scale.y,
                bottom = (batch.clip_max.y - origin.y) * scale.y;
    if (right <= left || bottom <= top) return;
    const HeldState held;
    glEnable(GL_SCISSOR_TEST);
    glScissor(static_cast<GLint>(left), static_cast<GLint>(height - bottom),
              static_cast<GLsizei>(right - left), static_cast<GLsizei>(bottom - top));
    glEnable(GL_BLEND);
    glBlendEquation(GL_FUNC_ADD);
    glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    glUseProgram(program_);
    glUniform4f(view_, 2 / size.x, -2 / size.y, -1 - 2 * origin.x / size.x, 1 + 2 * origin.y / size.y);
    glBindVertexArray(vertex_array_);
    glBindBuffer(GL_ARRAY_BUFFER, buffer_);
    // A fresh store each time: the one before may still be read.
    glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(batch.count * sizeof(Particle)),
                 &staged_[batch.first], GL_STREAM_DRAW);
    constexpr GLsizei k_stride = sizeof(Particle);
    glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, k_stride, offset(offsetof(Particle, x)));
    glVertexAttribPointer(1, 1, GL_FLOAT, GL_FALSE, k_stride, offset(offsetof(Particle, size)));
    glVertexAttribPointer(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, k_stride, offset(offsetof(Particle, color)));
    glVertexAttribPointer(3, 1, GL_UNSIGNED_INT, GL_FALSE, k_stride, offset(offsetof(Particle, shape)));
    glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, static_cast<GLsizei>(batch.count));
}

} // namespace scale::web
