package io.espalier.trainer.sync;

import io.espalier.masks.ParameterId;
import io.espalier.masks.refit.EditableState;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.util.List;
import java.util.Optional;

/** The values of a state as a refit edits them; moments stay. */
record RefitState(PreparedRun run, TrainingState state) implements EditableState {
  @Override
  public float[] values(ParameterId id) {
    List<StateLayout.Entry> entries = run.stateLayout().entries();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).id().equals(id)) {
        return isFrozen(id) ? state.values(i, 0).clone() : state.array(i, 0).array();
      }
    }
    throw new IllegalArgumentException("the network must have the parameter: id=" + id);
  }

  @Override
  public Optional<ParameterId> bias(ParameterId weight) {
    Network network = run.network();
    for (GraphNode node : network.nodes()) {
      List<ParameterSpec> parameters = network.parametersOf(node);
      if (parameters.stream().anyMatch(each -> each.id().equals(weight))) {
        return parameters.stream()
            .filter(each -> each.role() == Role.BIAS)
            .map(ParameterSpec::id)
            .findFirst();
      }
    }
    throw new IllegalArgumentException("the network must have the parameter: id=" + weight);
  }

  @Override
  public boolean isFrozen(ParameterId id) {
    return run.frozen().contains(id);
  }
}
