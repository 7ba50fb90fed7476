package io.espalier.trainer.sync;

import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.stream.ExampleStream;
import io.espalier.trainer.stream.StreamState;
import java.util.List;

/** The state before the first step: drawn or stored weights, moments at 0, dense masks. */
final class InitialState {
  private InitialState() {}

  static Committed of(PreparedRun run) {
    TrainingState state = new TrainingState(run.stateLayout());
    List<float[]> values = InitialValues.of(run.config(), run.network());
    for (int i = 0; i < values.size(); i++) {
      state.array(i, 0).put(values.get(i));
    }
    MaskState masks = run.denseMasks();
    return new Committed(
        0,
        state,
        masks,
        false,
        run,
        run.stream().map(ExampleStream::start).map(StreamState::startingAt));
  }
}
