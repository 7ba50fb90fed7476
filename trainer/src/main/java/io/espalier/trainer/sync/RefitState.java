package io.espalier.trainer.sync;

import io.espalier.masks.ParameterId;
import io.espalier.masks.refit.EditableState;
import io.espalier.trainer.network.Addends;
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
    return parameter(run.network().parametersOf(node(weight)), Role.BIAS);
  }

  @Override
  public Optional<Norm> norm(ParameterId weight) {
    Network network = run.network();
    String name = node(weight).name();
    List<GraphNode> readers =
        network.nodes().stream().filter(each -> each.inputs().contains(name)).toList();
    if (readers.size() != 1) {
      return Optional.empty();
    }
    List<ParameterSpec> parameters = network.parametersOf(readers.get(0));
    return parameter(parameters, Role.RUNNING_MEAN)
        .flatMap(
            mean ->
                parameter(parameters, Role.RUNNING_VARIANCE)
                    .map(variance -> new Norm(mean, variance)));
  }

  @Override
  public List<ParameterId> addends(ParameterId weight) {
    return addends().before(weight).stream().map(each -> each.weight().id()).toList();
  }

  @Override
  public double[] factors(ParameterId addend) {
    return addends().of(addend).orElseThrow().factors(this::values);
  }

  private Addends addends() {
    return Addends.of(run.network(), run.prunableIds());
  }

  private GraphNode node(ParameterId weight) {
    return run.network().nodes().stream()
        .filter(
            node ->
                run.network().parametersOf(node).stream()
                    .anyMatch(each -> each.id().equals(weight)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("the network must have the parameter: id=" + weight));
  }

  private static Optional<ParameterId> parameter(List<ParameterSpec> parameters, Role role) {
    return parameters.stream()
        .filter(each -> each.role() == role)
        .map(ParameterSpec::id)
        .findFirst();
  }

  @Override
  public boolean isFrozen(ParameterId id) {
    return run.frozen().contains(id);
  }
}
