package io.espalier.trainer.replica;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Supplies a block with masked weights, so that any block trains under masks. */
final class MaskedParameterStore extends ParameterStore {
  private final Map<String, MaskedParameter> byParameterId;
  private final Function<MaskedParameter, NDArray> view;

  MaskedParameterStore(
      NDManager manager,
      Map<String, MaskedParameter> byParameterId,
      Function<MaskedParameter, NDArray> view) {
    super(manager, false);
    this.byParameterId = byParameterId;
    this.view = view;
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    return view.apply(Objects.requireNonNull(byParameterId.get(parameter.getId())));
  }
}
