package io.espalier.trainer.sync;

import io.espalier.masks.ParameterId;
import io.espalier.masks.refit.EditableState;
import io.espalier.trainer.network.Addends;
import io.espalier.trainer.network.LayerCompanions;
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
    return new LayerCompanions(run.network()).bias(weight);
  }

  @Override
  public Optional<Norm> norm(ParameterId weight) {
    return new LayerCompanions(run.network()).norm(weight);
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

  @Override
  public boolean isFrozen(ParameterId id) {
    return run.frozen().contains(id);
  }
}
