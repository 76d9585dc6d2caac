// The page's platform: an SDL window on the canvas, OpenGL ES 3 (WebGL 2), and the functions that JavaScript
// calls. Keys that belong to the browser never come here: public/page/keys.mjs keeps them.

#include <GLES3/gl3.h>
#include <SDL.h>
#include <emscripten.h>
#include <emscripten/html5.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "app.hpp"
#include "board/particles_gl.hpp"
#include "imgui_impl_opengl3.h"
#include "imgui_impl_sdl2.h"

namespace {

using scale::web::App;

constexpr const char* k_canvas = "#canvas";
constexpr float k_pinch_factor = 2; // spreading over the whole canvas doubles the view twice

double clock_ms() { return emscripten_get_now(); }

struct Page {
    App* app = nullptr;
    scale::web::GlParticleSink* particles = nullptr;
    scale::web::FontBytes fonts;
    SDL_Window* window = nullptr;
    SDL_GLContext context = nullptr;
    float width = 0, height = 0, pixel_ratio = 1; // of the canvas, CSS pixels
    double before_ms = -1;
    SDL_Event waiting{}; // a press that waits for a frame
    bool is_waiting = false;
    bool gl_ready = false;
    bool lost = false;
};

Page& page() {
    static Page the_page;
    return the_page;
}

bool open_window() {
    Page& here = page();
    SDL_SetHint(SDL_HINT_EMSCRIPTEN_KEYBOARD_ELEMENT, k_canvas);
    SDL_SetHint(SDL_HINT_EMSCRIPTEN_ASYNCIFY, "0");
    if (SDL_Init(SDL_INIT_VIDEO) != 0) return false;
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
    SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
    SDL_GL_SetAttribute(SDL_GL_STENCIL_SIZE, 0);
    here.window =
        SDL_CreateWindow("Scaleground", 0, 0, 640, 480, SDL_WINDOW_OPENGL | SDL_WINDOW_ALLOW_HIGHDPI);
    if (!here.window) return false;
    here.context = SDL_GL_CreateContext(here.window);
    return here.context != nullptr;
}

void open_graphics() {
    Page& here = page();
    ImGui_ImplOpenGL3_Init("#version 300 es");
    // Without them the board draws its particles on ImGui's own list.
    here.app->particles = here.particles->create() ? here.particles : nullptr;
    here.gl_ready = true;
}

bool start() {
    Page& here = page();
    if (here.app) return true;
    if (!open_window()) return false;
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigInputTrickleEventQueue = true;
    ImGui_ImplSDL2_InitForOpenGL(here.window, here.context);
    here.particles = new scale::web::GlParticleSink;
    here.app = new App(clock_ms);
    open_graphics();
    return true;
}

void take_pinch(const SDL_MultiGestureEvent& gesture) {
    if (gesture.numFingers != 2) return;
    const Page& here = page();
    here.app->pinch({gesture.x * here.width, gesture.y * here.height},
                    std::exp2(gesture.dDist * 2 * k_pinch_factor));
}

// A finger presses where no pointer was before, and so does a script: what lies there has to have been
// pointed at for a frame before it takes a press. So the press waits for the next drawn frame.
bool waits(const SDL_Event& event) {
    if (event.type != SDL_MOUSEBUTTONDOWN) return false;
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    if (pointer.x == static_cast<float>(event.button.x) && pointer.y == static_cast<float>(event.button.y))
        return false;
    SDL_Event motion{};
    motion.type = SDL_MOUSEMOTION;
    motion.motion.windowID = event.button.windowID;
    motion.motion.which = event.button.which;
    motion.motion.x = event.button.x;
    motion.motion.y = event.button.y;
    ImGui_ImplSDL2_ProcessEvent(&motion);
    page().waiting = event;
    page().is_waiting = true;
    return true;
}

// Events of the latest moment; any of them is a reason to draw.
void take_input() {
    Page& here = page();
    bool any = here.is_waiting;
    if (here.is_waiting) ImGui_ImplSDL2_ProcessEvent(&here.waiting);
    here.is_waiting = false;
    SDL_Event event;
    while (!here.is_waiting && SDL_PollEvent(&event)) {
        any = true;
        if (event.type == SDL_MULTIGESTURE)
            take_pinch(event.mgesture);
        else if (!waits(event))
            ImGui_ImplSDL2_ProcessEvent(&event);
    }
    if (any) here.app->touch(4);
}

// In whole pixels: a size between them would make ImGui's clip rectangles lose a row.
void set_viewport() {
    const Page& here = page();
    ImGuiIO& io = ImGui::GetIO();
    int pixels_x = 0, pixels_y = 0;
    emscripten_get_canvas_element_size(k_canvas, &pixels_x, &pixels_y);
    io.DisplaySize = {static_cast<float>(pixels_x) / here.pixel_ratio,
                      static_cast<float>(pixels_y) / here.pixel_ratio};
    io.DisplayFramebufferScale = {here.pixel_ratio, here.pixel_ratio};
    glViewport(0, 0, pixels_x, pixels_y);
}

void draw_frame() {
    App& app = *page().app;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplSDL2_NewFrame();
    set_viewport();
    ImGui::NewFrame();
    app.draw();
    ImGui::Render();
    ImDrawData* data = ImGui::GetDrawData();
    app.counters.vertices = static_cast<std::uint64_t>(data->TotalVtxCount);
    ImGui_ImplOpenGL3_RenderDrawData(data);
    SDL_GL_SwapWindow(page().window);
}

void resize_canvas() {
    Page& here = page();
    const int pixels_x = std::max(1, static_cast<int>(std::lround(here.width * here.pixel_ratio)));
    const int pixels_y = std::max(1, static_cast<int>(std::lround(here.height * here.pixel_ratio)));
    SDL_SetWindowSize(here.window, static_cast<int>(std::lround(here.width)),
                      static_cast<int>(std::lround(here.height)));
    emscripten_set_canvas_element_size(k_canvas, pixels_x, pixels_y);
}

} // namespace

extern "C" {

// 1 when the graphics could be opened.
EMSCRIPTEN_KEEPALIVE int sg_start() { return start() ? 1 : 0; }

EMSCRIPTEN_KEEPALIVE char* sg_buffer(std::size_t bytes) {
    static char* buffer = nullptr;
    static std::size_t held = 0;
    if (bytes <= held) return buffer;
    buffer = static_cast<char*>(std::realloc(buffer, bytes));
    held = buffer ? bytes : 0;
    return buffer;
}

EMSCRIPTEN_KEEPALIVE const char* sg_call(const char* name, const char* json) {
    if (!start()) return "{\"error\":\"the graphics could not be started\"}";
    return page().app->call(name, json);
}

EMSCRIPTEN_KEEPALIVE void sg_font(const char* role, const unsigned char* bytes, std::size_t length) {
    if (!start()) return;
    Page& here = page();
    const std::string_view name = role;
    auto& slot = name == "icons"      ? here.fonts.icons
                 : name == "semibold" ? here.fonts.semibold
                                      : here.fonts.regular;
    slot.assign(bytes, bytes + length);
    if (here.fonts.complete()) here.app->set_fonts(here.fonts);
}

EMSCRIPTEN_KEEPALIVE void sg_resize(double css_width, double css_height, double pixel_ratio) {
    if (!start()) return;
    Page& here = page();
    here.width = std::max(1.0f, static_cast<float>(css_width));
    here.height = std::max(1.0f, static_cast<float>(css_height));
    here.pixel_ratio = pixel_ratio > 0 ? static_cast<float>(pixel_ratio) : 1;
    resize_canvas();
    here.app->touch(3);
}

EMSCRIPTEN_KEEPALIVE int sg_frame(double now_ms) {
    if (!start()) return 0;
    Page& here = page();
    const double elapsed_ms = here.before_ms < 0 ? 0 : now_ms - here.before_ms;
    here.before_ms = now_ms;
    take_input();
    const double start_ms = clock_ms();
    const bool wanted = here.app->advance(elapsed_ms);
    if (!wanted || here.lost || !here.gl_ready || here.width < 2) return 0;
    here.app->prepare();
    draw_frame();
    here.app->counters.frame_ms = clock_ms() - start_ms;
    return 1;
}

// The browser took the graphics away; nothing on them can be used any more.
EMSCRIPTEN_KEEPALIVE void sg_context_lost() {
    Page& here = page();
    if (!here.app || here.lost) return;
    here.lost = true;
    // Told now, while deleting means nothing; the textures of ImGui learn that they have to be made again.
    ImGui_ImplOpenGL3_Shutdown();
    here.particles->forget();
    here.app->particles = nullptr;
}

// It gave them back, empty: shaders, buffers and textures are made anew.
EMSCRIPTEN_KEEPALIVE void sg_context_restored() {
    Page& here = page();
    if (!here.app || !here.lost) return;
    open_graphics();
    here.lost = false;
    here.app->touch(4);
}
}
