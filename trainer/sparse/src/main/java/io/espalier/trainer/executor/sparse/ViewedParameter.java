package io.espalier.trainer.executor.sparse;

import io.espalier.masks.Mask;
import io.espalier.masks.kind.WeightView;
import io.espalier.masks.kind.WeightView.Factor;
import io.espalier.trainer.executor.AuxiliaryArrays;
import io.espalier.trainer.executor.ViewedWeight;
import io.espalier.trainer.optimizer.ParameterArrays;
import io.espalier.trainer.sparse.SparseParameter;
import io.espalier.trainer.state.StateLayout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A parameter that passes see through the view of the run's mask kind. All its units are stored
 * while pruned ones live or the view looks at them; else those of weights that are kept.
 */
final class ViewedParameter implements ViewedWeight<DirectFactors> {
  private final StateLayout.Entry entry;
  private final SparseParameter parameter;
  private final boolean learns;
  private final List<AuxiliaryArrays> auxiliary;
  private WeightView view = WeightView.of(Factor.ONE, Factor.ONE);
  private Optional<DirectFactors> forward = Optional.empty();
  private Optional<DirectFactors> gradient = Optional.empty();
  private Optional<Mask> packed = Optional.empty();

  /**
   * @param learns whether the network trains such parameters, this one or what is beside it
   */
  ViewedParameter(
      StateLayout.Entry entry,
      SparseParameter parameter,
      boolean learns,
      List<AuxiliaryArrays> auxiliary) {
    this.entry = entry;
    this.parameter = parameter;
    this.learns = learns;
    this.auxiliary = List.copyOf(auxiliary);
  }

  @Override
  public StateLayout.Entry entry() {
    return entry;
  }

  @Override
  public FloatBuffer weight() {
    return FloatBuffer.wrap(parameter.values());
  }

  @Override
  public List<AuxiliaryArrays> auxiliary() {
    return auxiliary;
  }

  @Override
  public DirectFactors newFactors() {
    return DirectFactors.of(entry.size());
  }

  @Override
  public void use(
      WeightView next, Optional<DirectFactors> forwardFactors, Optional<DirectFactors> gradients) {
    view = next;
    forward = forwardFactors;
    gradient = gradients;
  }

  /**
   * Sets which units live, after {@link #use}.
   *
   * @param living empty if all do
   */
  void live(Optional<Mask> living, Mask kept) {
    boolean isAlone = view.isPlain() && view.forward() == Factor.ONE;
    packed =
        living.filter(
            units -> isAlone && SparseParameter.packs(entry.shape()) && units.equals(kept));
  }

  /** Gets memory for the units that passes compute with. */
  void store() {
    SparseState.store(parameter, packed.orElseGet(() -> Mask.allKept(entry.size())));
  }

  /** Has the next pass see the weight through factors, if any; what is packed is seen as it is. */
  void show(Optional<DirectFactors> factors) {
    boolean apart = factors.isPresent() && packed.isEmpty();
    parameter.view(apart);
    if (apart) {
      factors.get().multiply(parameter.values(), parameter.seen());
    }
  }

  void showForTraining() {
    auxiliary.forEach(AuxiliaryArrays::clearGradient);
    show(forward);
  }

  /** Has the view see the gradient of a pass after {@code step} completed steps. */
  void showGradient(long step) {
    if (learns && packed.isEmpty()) {
      show(view, step, FloatBuffer.wrap(parameter.gradient()));
    }
  }

  /** Live arrays for an optimizer step, unless the parameter is frozen or a statistic. */
  Optional<ParameterArrays> forUpdate() {
    return parameter.isTrained()
        ? Optional.of(
            new ParameterArrays(
                weight(),
                IntStream.range(0, parameter.moments())
                    .mapToObj(moment -> FloatBuffer.wrap(parameter.moment(moment)))
                    .toList(),
                FloatBuffer.wrap(parameter.gradient()),
                factors(gradient),
                factors(forward),
                parameter.decays()))
        : Optional.empty();
  }

  private Optional<FloatBuffer> factors(Optional<DirectFactors> of) {
    return packed.isPresent() ? Optional.empty() : of.map(DirectFactors::view);
  }
}
