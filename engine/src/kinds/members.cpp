#include "kinds/members.hpp"

#include <string_view>

namespace scale::kind {

bool pass_down(sim::Sim& sim, sim::NodeId group, const Command& command) {
    bool any = false;
    for (std::size_t i = 0; i < sim.nodes.size(); ++i) {
        const auto id = static_cast<sim::NodeId>(i);
        const KindRecord& kind = *sim.scenario.nodes[i].kind;
        if ((kind.role & role_group) != 0 || !sim.within(id, group)) continue;
        for (const VerbRecord& verb : kind.verbs) {
            if (std::string_view(verb.id) != command.verb->id) continue;
            Command own = command;
            own.verb = &verb;
            own.node = static_cast<int>(id);
            own.instance = -1;
            sim.behaviours[id]->verb(sim, id, own);
            any = true;
        }
    }
    return any;
}

} // namespace scale::kind
