package io.espalier.trainer.federated;

import io.espalier.masks.federated.NestedSlice;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.TrainingState;
import java.nio.FloatBuffer;

/**
 * The network of devices of one width (1 for the whole): the first channels of each group. {@code
 * slice} is the position of its values in the whole network.
 */
public record NarrowNetwork(double width, PreparedFederation federation, NestedSlice slice) {
  public String layoutDigest() {
    return slice.layout().digest();
  }

  /** Copies its values out of the whole network's, without moments. */
  public TrainingState narrowed(StateAccess whole) {
    TrainingState state = new TrainingState(federation.values().stateLayout());
    for (int i = 0; i < slice.layout().shapes().size(); i++) {
      FloatBuffer values = whole.array(i, 0);
      float[] copy = new float[values.remaining()];
      values.get(copy);
      state.array(i, 0).put(slice.narrowed(i, copy));
    }
    return state;
  }

  public long trainingBytes() {
    return TrainingMemory.bytes(federation.run(), federation.rounds());
  }
}
