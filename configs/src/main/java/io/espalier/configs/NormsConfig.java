package io.espalier.configs;

/**
 * How batch norms are computed.
 *
 * @param fold whether those of narrow layers take a faster pass with other rounding
 * @param batches of each trainer, over which their means and variances are computed anew after the
 *     last step; no more than an epoch has, or 64 of a stream
 */
public record NormsConfig(boolean fold, int batches) {
  private static final int MOST = 65_536;

  public static final NormsConfig STANDARD = new NormsConfig(true, 64);

  public NormsConfig {
    new Rules()
        .require("norm-batches", batches, batches >= 1 && batches <= MOST, "from 1 to " + MOST)
        .verify();
  }
}
