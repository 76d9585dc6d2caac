// What runs once an event and ends in a jump natively is a call in wasm, with a frame of its own and a look
// at the end of the stack: there it is copied into its callers. Natively that gains nothing, for they would
// have to save registers across it.
#pragma once

#if defined(__wasm__)
#define SCALE_COPIED_IN_WASM [[gnu::always_inline]]
#else
#define SCALE_COPIED_IN_WASM
#endif
