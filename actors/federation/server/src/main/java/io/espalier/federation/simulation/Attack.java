package io.espalier.federation.simulation;

import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.state.StateLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The attack of a simulation's false clients in rounds that train; in others they are like true
 * ones. Norm statistics stay as they are.
 */
public enum Attack {
  /** Sends the opposite of what it has learned. */
  SIGN_FLIP(-1),

  /** Sends the opposite of what it has learned, 100 times as long. */
  SCALE(-100),

  /** Learns from examples with wrong labels: class c of C as C - 1 - c. */
  LABEL_FLIP(1);

  /** The largest value that is sent: a server refuses those that are not finite. */
  private static final float MOST = 1e9f;

  private final float factor;

  Attack(float factor) {
    this.factor = factor;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<Attack> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  boolean mislabels() {
    return this == LABEL_FLIP;
  }

  /** The result that is sent in place of an honest one, whose arrays it changes. */
  ClientResult falsified(ClientResult done, List<StateLayout.Entry> entries, OptionalInt claim) {
    int examples = claim.orElse(done.examples());
    if (done instanceof ClientResult.NormsMeasured measured) {
      return new ClientResult.NormsMeasured(examples, measured.norms());
    }
    if (done instanceof ClientResult.LossesMeasured measured) {
      return new ClientResult.LossesMeasured(examples, measured.losses());
    }
    ClientResult.Trained trained = (ClientResult.Trained) done;
    for (int i = 0; i < entries.size(); i++) {
      float[] change = trained.changes().get(i);
      for (int unit = 0; entries.get(i).role().isTrained() && unit < change.length; unit++) {
        change[unit] = Math.max(-MOST, Math.min(MOST, factor * change[unit]));
      }
    }
    return new ClientResult.Trained(
        examples, trained.steps(), trained.loss(), trained.changes(), trained.proposals());
  }
}
