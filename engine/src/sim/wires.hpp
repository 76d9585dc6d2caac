// Which wires the requests of an edge travel on.
#pragma once

#include "sim/request.hpp"

namespace scale::sim {

class Sim;

// The wires of an edge whose delay does not vary, after its delay or bandwidth may have changed. Who is on
// their way stays on the wire on which they set off.
void lay_wires(Sim& sim, EdgeId number);

} // namespace scale::sim
