package io.espalier.trainer.executor.sparse;

import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sparse.SparseNetwork;
import io.espalier.trainer.sparse.SparseOptimizer;
import io.espalier.trainer.sparse.SparseParameter;
import io.espalier.trainer.state.MaskState;
import java.util.List;

/** Masks whose pruned weights are 0, with nothing beside them: passes see what is stored. */
final class KeptWeights implements PassMasks {
  private final PreparedRun run;
  private final SparseNetwork network;
  private final List<SparseParameter> parameters;
  private final SparseOptimizer optimizer;
  private MaskState masks;
  private boolean storesAll;

  KeptWeights(
      PreparedRun run, SparseNetwork network, List<SparseParameter> parameters, MaskState masks) {
    this.run = run;
    this.network = network;
    this.parameters = parameters;
    this.masks = masks;
    optimizer =
        new SparseOptimizer(
            run.config().train().step().optimizer(), run.config().train().step().clipNorm());
  }

  @Override
  public MaskState state() {
    return masks;
  }

  @Override
  public void use(MaskState next) {
    masks = next;
    storesAll = false;
  }

  @Override
  public void valuesChanged() {
    storesAll = false;
  }

  /** Kept units take part in passes that train, though nothing has been written to them. */
  @Override
  public void beforeStep(Executor.At at) {
    for (int i = 0; !storesAll && i < parameters.size(); i++) {
      SparseParameter parameter = parameters.get(i);
      run.stateLayout()
          .entries()
          .get(i)
          .mask()
          .map(masks.masks().masks()::get)
          .ifPresent(mask -> SparseState.store(parameter, mask));
    }
    storesAll = true;
  }

  @Override
  public void update(Executor.At at) {
    network.update(optimizer, at.completed(), at.rate());
  }
}
