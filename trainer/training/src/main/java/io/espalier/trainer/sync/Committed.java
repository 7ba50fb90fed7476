package io.espalier.trainer.sync;

import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.StateDigest;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.state.WeightAverages;
import io.espalier.trainer.stream.ExampleStream;
import io.espalier.trainer.stream.StreamState;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The state that all replicas hold after a sync, bit for bit. Its arrays are immutable. Its digest
 * is computed on first use, so that trainers need not wait for it. Thread-safe.
 */
public final class Committed {
  private final long step;
  private final TrainingState state;
  private final MaskState masks;
  private final boolean recalibrated;
  private final PreparedRun run;
  private final Optional<StreamState> stream;
  private Optional<String> digest = Optional.empty();

  public Committed(
      long step, TrainingState state, MaskState masks, boolean recalibrated, PreparedRun run) {
    this(step, state, masks, recalibrated, run, Optional.empty());
  }

  public Committed(
      long step,
      TrainingState state,
      MaskState masks,
      boolean recalibrated,
      PreparedRun run,
      Optional<StreamState> stream) {
    this.stream = stream;
    this.step = step;
    this.state = state;
    this.masks = masks;
    this.recalibrated = recalibrated;
    this.run = run;
  }

  /** The state before the first step: drawn or stored weights, moments at 0, dense masks. */
  static Committed initial(PreparedRun run) {
    List<float[]> values = InitialValues.of(run.config(), run.network());
    return new Committed(
        0,
        TrainingState.owning(run.stateLayout(), values),
        run.denseMasks(),
        false,
        run,
        run.stream().map(ExampleStream::start).map(StreamState::startingAt));
  }

  /** Returns this state in another preparation of its run, whose network is uncut. */
  public Committed of(PreparedRun prepared) {
    PreparedRun laidOut =
        masks.channels().map(channels -> prepared.cut(channels.present())).orElse(prepared);
    return new Committed(step, state, masks, recalibrated, laidOut, stream);
  }

  /**
   * Returns this state at the start of another run over the same network, whose recalibration is to
   * come.
   */
  public Committed startOf(PreparedRun prepared) {
    Committed same = of(prepared);
    return new Committed(step, state, masks, false, same.run, stream);
  }

  public long step() {
    return step;
  }

  public PreparedRun run() {
    return run;
  }

  public TrainingState state() {
    return state;
  }

  public MaskState masks() {
    return masks;
  }

  public boolean recalibrated() {
    return recalibrated;
  }

  public Optional<StreamState> stream() {
    return stream;
  }

  /** This state with the averages of its weights, where the run keeps them. */
  Committed averaged() {
    Optional<WeightAverages> averages = WeightAverages.of(run.stateLayout());
    if (averages.isEmpty()) {
      return this;
    }
    TrainingState taken = state.copy();
    averages.get().take(taken, masks.livingAt(step));
    return new Committed(step, taken, masks, recalibrated, run, stream);
  }

  /** The values of its living units as they travel. */
  FloatBuffer packed() {
    return packed(state);
  }

  /** Other values of its living units. */
  FloatBuffer packed(TrainingState other) {
    StateLayout layout = run.stateLayout();
    LiveUnits living = masks.livingAt(step);
    FloatBuffer values = FloatBuffer.allocate(layout.packedFloats(living));
    new StateCodec(layout).pack(other, living, values);
    return values.flip();
  }

  /** Its layout, and that of a state into which a sync turns it. */
  Commit.Layouts layoutsUntil(Committed after) {
    return new Commit.Layouts(run.layout().digest(), after.run.layout().digest());
  }

  public synchronized String digest() {
    if (digest.isEmpty()) {
      digest = Optional.of(new StateDigest(run.stateLayout()).of(state, step, masks.digest(step)));
    }
    return digest.get();
  }
}
