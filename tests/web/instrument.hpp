#pragma once
// The whole instrument on an ImGui context without a backend: what would be drawn, and nothing drawn.

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "app.hpp"
#include "calls.hpp"
#include "imgui.h"

namespace instrument {

// Every look at the clock takes a hundredth of a millisecond, so budgets end on any machine alike.
inline double g_clock_ms = 0;
inline double fake_clock() { return g_clock_ms += 0.01; }

inline std::vector<unsigned char> read_bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline scale::web::FontBytes fonts() {
    const std::string folder = SCALE_SOURCE_DIR "/build/deps/fonts/";
    return {read_bytes(folder + "sans-regular.ttf"), read_bytes(folder + "sans-semibold.ttf"),
            read_bytes(folder + "icons.ttf")};
}

inline const char* k_shop = R"({
  "scaleground": 1,
  "title": {"en": "One server and its database", "ko": "서버 한 대와 데이터베이스"},
  "seed": 42, "duration_s": 120, "warmup_s": 5,
  "nodes": [
    {"id": "users", "kind": "clients", "rate_per_s": 120, "timeout_ms": 800},
    {"id": "web", "kind": "server", "instances": 3, "cores": 2},
    {"id": "db", "kind": "database", "label": {"en": "orders", "ko": "주문 데이터베이스"}}
  ],
  "edges": [["users", "web"], ["web", "db"]],
  "slo": {"p99_ms": 250, "availability": 0.999}
})";

class Instrument {
public:
    explicit Instrument(float width = 1124, float height = 848, float scale = 1) {
        ImGui::SetCurrentContext(ImGui::CreateContext());
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
        app = std::make_unique<scale::web::App>(fake_clock);
        app->set_fonts(fonts());
        resize(width, height, scale);
    }
    ~Instrument() {
        app.reset();
        for (ImTextureData* texture : ImGui::GetPlatformIO().Textures)
            texture->SetStatus(ImTextureStatus_Destroyed);
        ImGui::DestroyContext();
    }
    Instrument(const Instrument&) = delete;
    Instrument& operator=(const Instrument&) = delete;

    void resize(float width, float height, float scale = 1) {
        ImGui::GetIO().DisplaySize = {width, height};
        ImGui::GetIO().DisplayFramebufferScale = {scale, scale};
        app->touch();
    }
    // A frame of the display; true when it was drawn.
    bool frame(double elapsed_ms = 16) {
        if (!app->advance(elapsed_ms)) return false;
        app->prepare();
        ImGui::GetIO().DeltaTime = static_cast<float>(elapsed_ms / 1000);
        ImGui::NewFrame();
        app->draw();
        ImGui::Render();
        take_textures();
        return true;
    }
    int frames_until_idle(int most = 400) {
        int drawn = 0;
        while (drawn < most && frame()) ++drawn;
        return drawn;
    }
    void press(float x, float y) {
        ImGuiIO& io = ImGui::GetIO();
        io.AddMousePosEvent(x, y);
        app->touch();
        frame();
        io.AddMouseButtonEvent(0, true);
        app->touch();
        frame();
        io.AddMouseButtonEvent(0, false);
        app->touch();
        frame();
        frame();
    }
    void key(ImGuiKey which) {
        ImGui::GetIO().AddKeyEvent(which, true);
        app->touch();
        frame();
        ImGui::GetIO().AddKeyEvent(which, false);
        app->touch();
        frame();
    }
    // What the page does with a wish of the instrument: theory and review, worked out beside it.
    bool answer_wishes() {
        const std::string changes = app->call("changes", "{}");
        const std::string key = "\"outlook\":\"";
        const std::size_t at = changes.find(key);
        if (at == std::string::npos) return false;
        const std::string mark = changes.substr(at + key.size(), 16);
        const std::string made = scale::web::outlook_json(scale::current_design(app->session.world()));
        app->call("outlook", "{\"mark\":\"" + mark + "\",\"outlook\":" + scale::web::json_string(made) + "}");
        return true;
    }
    void load(const char* json = k_shop) { app->session.load_json(json); }
    int vertices() const { return ImGui::GetDrawData()->TotalVtxCount; }

    std::unique_ptr<scale::web::App> app;

private:
    static void take_textures() {
        for (ImTextureData* texture : *ImGui::GetDrawData()->Textures) {
            if (texture->Status == ImTextureStatus_WantDestroy) {
                texture->SetTexID(ImTextureID_Invalid);
                texture->SetStatus(ImTextureStatus_Destroyed);
            } else if (texture->Status != ImTextureStatus_OK) {
                texture->SetTexID(1);
                texture->SetStatus(ImTextureStatus_OK);
            }
        }
    }
};

} // namespace instrument
