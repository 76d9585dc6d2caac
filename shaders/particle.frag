#version 300 es
// Shapes as signed distances, so that they are crisp at any size and density of pixels.
precision highp float;

in vec2 v_point;
in vec4 v_color;
flat in int v_shape;

out vec4 o_color;

const int k_dot = 0, k_ring = 1, k_triangle = 2, k_cross = 3, k_square = 4, k_diamond = 5;

float box(vec2 p, vec2 half_size) {
    vec2 d = abs(p) - half_size;
    return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0);
}

// Pointing up, its centre of mass near the origin. y grows downwards.
float triangle(vec2 p) {
    p.y = -p.y + 0.14;
    const vec2 side = vec2(0.8660254, 0.5);
    return max(dot(vec2(abs(p.x), p.y), side) - 0.62, -p.y - 0.52);
}

float cross_shape(vec2 p) {
    vec2 turned = vec2(p.x + p.y, p.x - p.y) * 0.7071068;
    return min(box(turned, vec2(1.1, 0.26)), box(turned, vec2(0.26, 1.1)));
}

float distance_to(int shape, vec2 p) {
    if (shape == k_ring) return abs(length(p) - 0.75) - 0.27;
    if (shape == k_triangle) return triangle(p);
    if (shape == k_cross) return cross_shape(p);
    if (shape == k_square) return box(p, vec2(0.84)) - 0.04;
    if (shape == k_diamond) return (abs(p.x) + abs(p.y) - 1.15) * 0.7071068;
    return length(p) - 1.0;
}

void main() {
    float d = distance_to(v_shape, v_point);
    float soft = max(fwidth(v_point.x), 1e-4);
    float shape = clamp(0.5 - d / soft, 0.0, 1.0);
    float halo = v_shape != k_dot ? 0.0 : 0.24 * clamp(0.5 - (d - 0.5) / soft, 0.0, 1.0);
    float alpha = v_color.a * max(shape, halo);
    if (alpha <= 0.003) discard;
    o_color = vec4(v_color.rgb, alpha);
}
