package io.espalier.configs;

import io.espalier.configs.RoundsConfig.UpdateEncoding;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How clients train and what they send.
 *
 * @param localEpochs passes of a client over its data in one round, 1 to 1000000
 * @param proximal factor of the pull towards the global weights (FedProx, Li et al., 2020); 0 for
 *     none
 * @param clipNorm norm that a client's update is scaled down to; empty for any
 * @param encoding how clients send their updates
 * @param heldBack share of a client's data that judges candidates and is not trained on
 * @param widths shares of the network's channels that devices may have, by their memory: the first
 *     of each group, so that a narrower network is a part of a wider one; from 1 down
 * @param scaler whether a narrow network computes and learns as the whole one would whose channels
 *     are copies of its own
 */
public record ClientConfig(
    int localEpochs,
    double proximal,
    Optional<Double> clipNorm,
    UpdateEncoding encoding,
    double heldBack,
    List<Double> widths,
    boolean scaler) {
  private static final int MOST_WIDTHS = 16;
  private static final int MOST_LOCAL_EPOCHS = 1_000_000;

  public static final List<Double> WHOLE = List.of(1.0);

  public ClientConfig {
    widths = widths.stream().sorted(Comparator.reverseOrder()).toList();
    new Rules()
        .require(
            "local-epochs",
            localEpochs,
            localEpochs >= 1 && localEpochs <= MOST_LOCAL_EPOCHS,
            "from 1 to " + MOST_LOCAL_EPOCHS)
        .require("proximal", proximal, proximal >= 0 && Double.isFinite(proximal), "0 or more")
        .require(
            "clip-norm",
            MergeConfig.shown(clipNorm),
            MergeConfig.isNorm(clipNorm),
            "above 0, or none")
        .require("held-back", heldBack, heldBack >= 0 && heldBack < 1, "at least 0 and below 1")
        .require(
            "widths",
            widths,
            areWidths(widths),
            "100% and up to 15 others, each once, above 0 and below 100%")
        .verify();
  }

  /** The whole network must be among them: no client would train the rest of it. */
  private static boolean areWidths(List<Double> widths) {
    return !widths.isEmpty()
        && widths.size() <= MOST_WIDTHS
        && widths.stream().distinct().count() == widths.size()
        && widths.get(0) == 1
        && widths.get(widths.size() - 1) > 0;
  }
}
