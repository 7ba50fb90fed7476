package io.espalier.federation.server;

import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.telemetry.event.FederationEvent.RoundRejected;
import io.espalier.trainer.federated.FederatedCourse;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.sync.Committed;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleBiFunction;

/**
 * Refuses a round's merge that raises the loss on the server's held-out examples by more than
 * {@code bound} times the loss of guessing, {@code ln(classes)}, or to no number. Both losses are
 * those under the masks of the round, so pruning, which follows, does not count. A function of the
 * model before and the merged values: a repeated round has the same verdict.
 */
final class LossAcceptance implements FederatedCourse.Judge {
  private final OptionalDouble largestRise;
  private final ToDoubleBiFunction<StateAccess, MaskSet> loss;
  private Optional<Verdict> last = Optional.empty();
  private Optional<Measured> measured = Optional.empty();

  /** Arrays change only where masks do. */
  private record Measured(TrainingState state, MaskVersion masks, double loss) {
    boolean isOf(Committed model) {
      return state == model.state() && masks.equals(model.masks().masks().version());
    }
  }

  record Verdict(double before, double after, double largest) {
    boolean adopts() {
      return after <= largest;
    }

    RoundRejected rejected(String round, long completed) {
      return new RoundRejected(round, completed, before, after, largest);
    }
  }

  LossAcceptance(
      Optional<Double> bound, int classes, ToDoubleBiFunction<StateAccess, MaskSet> loss) {
    this.largestRise =
        bound
            .map(each -> OptionalDouble.of(each * Math.log(classes)))
            .orElseGet(OptionalDouble::empty);
    this.loss = loss;
  }

  @Override
  public boolean adopts(Committed before, TrainingState merged) {
    last = Optional.empty();
    if (largestRise.isEmpty()) {
      return true;
    }
    MaskSet masks = before.masks().masks();
    double lossBefore =
        measured
            .filter(each -> each.isOf(before))
            .map(Measured::loss)
            .orElseGet(() -> loss.applyAsDouble(before.state(), masks));
    Verdict verdict =
        new Verdict(
            lossBefore,
            loss.applyAsDouble(merged, masks),
            Double.isFinite(lossBefore)
                ? lossBefore + largestRise.getAsDouble()
                : Double.MAX_VALUE);
    last = Optional.of(verdict);
    measured =
        Optional.of(
            verdict.adopts()
                ? new Measured(merged, masks.version(), verdict.after())
                : new Measured(before.state(), masks.version(), lossBefore));
    return verdict.adopts();
  }

  /** The verdict on the newest merge; empty without a bound. */
  Optional<Verdict> last() {
    return last;
  }
}
