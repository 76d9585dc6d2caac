#version 300 es
// One particle as a square of four corners. Positions and sizes come in CSS pixels of the canvas.
precision highp float;

layout(location = 0) in vec2 a_centre;
layout(location = 1) in float a_size;  // full width of the shape
layout(location = 2) in vec4 a_color;
layout(location = 3) in float a_shape;

uniform vec4 u_view;  // xy: scale, zw: shift, from CSS pixels to clip space

out vec2 v_point;      // in units of half the shape's width
out vec4 v_color;
flat out int v_shape;

const float k_reach = 1.75;  // the square is larger than the shape: room for the halo and the soft edge

void main() {
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0 - 1.0;
    v_point = corner * k_reach;
    v_color = a_color;
    v_shape = int(a_shape + 0.5);
    vec2 at = a_centre + v_point * (a_size * 0.5);
    gl_Position = vec4(at * u_view.xy + u_view.zw, 0.0, 1.0);
}
