package io.espalier.masks.federated;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Which parameters a round adjusts: one of several blocks of neighbours at a time, from output to
 * input, cyclically.
 *
 * @param parameters number L of prunable parameters, 1 or more
 * @param blocks number of blocks B, 1 or more, of which no more than L are made; L of them adjust
 *     single parameters, one adjusts all
 * @param every rounds ΔR from one adjustment to the next, 1 or more
 * @param end last round that may adjust
 */
public record BlockRotation(int parameters, int blocks, long every, long end) {
  public BlockRotation {
    if (parameters < 1 || blocks < 1 || every < 1) {
      throw new IllegalArgumentException(
          ("parameters, blocks and rounds between adjustments must be 1 or more:"
                  + " parameters=%d, blocks=%d, every=%d")
              .formatted(parameters, blocks, every));
    }
    blocks = Math.min(blocks, parameters);
  }

  public boolean isDue(long round) {
    return round > 0 && round <= end && round % every == 0;
  }

  /** Indices of the prunable parameters that a round adjusts, ascending; none where not due. */
  public List<Integer> parametersAt(long round) {
    if (!isDue(round)) {
      return List.of();
    }
    int block = blocks - 1 - (int) ((round / every - 1) % blocks);
    return IntStream.range(start(block), start(block + 1)).boxed().toList();
  }

  private int start(int block) {
    return (int) ((long) block * parameters / blocks);
  }
}
