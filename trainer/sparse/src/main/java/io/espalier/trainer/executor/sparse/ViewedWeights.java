package io.espalier.trainer.executor.sparse;

import io.espalier.trainer.executor.AuxiliaryArrays;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.WeightViews;
import io.espalier.trainer.optimizer.Optimizer;
import io.espalier.trainer.optimizer.ParameterArrays;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sparse.SparseParameter;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.step.StepRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Masks of any kind, of weights or of channels: passes see weights through its views. */
final class ViewedWeights implements PassMasks {
  private final SparseState state;
  private final List<ViewedParameter> parameters = new ArrayList<>();
  private final WeightViews<DirectFactors> views;
  private final Optimizer optimizer;
  private final StateCodec codec;
  private final boolean areBuiltIn;
  private boolean isStored;

  /**
   * @param state with the arrays of auxiliary parameters
   */
  ViewedWeights(
      PreparedRun run,
      int trainer,
      List<SparseParameter> network,
      SparseState state,
      MaskState masks) {
    this.state = state;
    codec = new StateCodec(run.stateLayout());
    optimizer = Optimizer.of(run);
    areBuiltIn = optimizer.isBuiltIn() && StepRules.areBuiltIn(run.stepRules());
    List<StateLayout.Entry> entries = run.stateLayout().entries();
    for (int i = 0; i < network.size(); i++) {
      List<AuxiliaryArrays> beside = state.beside(i);
      boolean learns = network.get(i).isTrained() || !beside.isEmpty();
      parameters.add(new ViewedParameter(entries.get(i), network.get(i), learns, beside));
    }
    views = new WeightViews<>(run, trainer, parameters, masks);
    live(masks.updatedAt());
  }

  @Override
  public MaskState state() {
    return views.state();
  }

  @Override
  public void use(MaskState masks) {
    views.use(masks);
    live(masks.updatedAt());
  }

  private void live(long step) {
    LiveUnits living = state().livingAt(step);
    for (ViewedParameter each : parameters) {
      each.entry()
          .mask()
          .map(state().masks().masks()::get)
          .ifPresent(kept -> each.live(living.mask(each.entry()), kept));
    }
    isStored = false;
  }

  @Override
  public void valuesChanged() {
    isStored = false;
  }

  private void store() {
    if (!isStored) {
      parameters.stream()
          .filter(each -> each.entry().mask().isPresent())
          .forEach(ViewedParameter::store);
      isStored = true;
    }
  }

  @Override
  public void beforeStep(Executor.At at) {
    MaskState before = state();
    views.age(at.clock(), state);
    if (state() != before) {
      live(at.clock());
    }
    store();
    views.write(at.clock());
  }

  @Override
  public void beforePass() {
    parameters.forEach(ViewedParameter::showForTraining);
  }

  @Override
  public void afterPass(Executor.At at) {
    parameters.forEach(each -> each.showGradient(at.completed()));
  }

  @Override
  public void update(Executor.At at) {
    Stream<ParameterArrays> own = parameters.stream().flatMap(each -> each.forUpdate().stream());
    Stream<ParameterArrays> beside =
        parameters.stream()
            .flatMap(each -> each.auxiliary().stream())
            .flatMap(each -> each.forUpdate().stream());
    optimizer.step(Stream.concat(own, beside).toList(), at.completed(), at.rate());
  }

  /** Rules and optimizers of users may have moved weights that are dead. */
  @Override
  public void afterUpdate(Executor.At at) {
    if (!areBuiltIn) {
      codec.clearDead(state, state().livingAt(at.clock()));
      isStored = false;
    }
  }

  @Override
  public void beforeEvaluation() {
    store();
    parameters.forEach(each -> each.show(views.ofEvaluation(each)));
  }

  @Override
  public void beforeStatistics() {
    store();
    parameters.forEach(each -> each.show(Optional.empty()));
  }
}
