package io.espalier.masks.channel;

import io.espalier.masks.annealing.MaskDraw;
import io.espalier.masks.annealing.UnitDraw;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Draws each channel once, by its group and its index in the whole network, so that all weights see
 * the same draw. A weight's mask is 1 where those of all its channels are.
 */
final class ChannelDraw implements MaskDraw {
  private static final int ONE = Float.floatToRawIntBits(1);

  private final List<int[]> channelsAlong;
  private final List<Drawn> groups = new ArrayList<>();
  private final List<int[]> products = new ArrayList<>();
  private final int[] drawn;

  private record Drawn(UnitDraw draw, IntBuffer channels) {}

  /**
   * Draws of one weight.
   *
   * @param channelsAlong as {@link ChannelMasks#channelsAlong} has them
   * @param draws of the channels of each group
   */
  ChannelDraw(List<int[]> channelsAlong, List<UnitDraw> draws) {
    this.channelsAlong = List.copyOf(channelsAlong);
    this.drawn = new int[draws.stream().mapToInt(UnitDraw::size).sum()];
    int first = 0;
    for (UnitDraw draw : draws) {
      if (meets(first, first + draw.size())) {
        groups.add(new Drawn(draw, IntBuffer.wrap(drawn, first, draw.size()).slice()));
      }
      first += draw.size();
    }
    int size = 1;
    for (int[] along : channelsAlong) {
      size *= along.length;
      products.add(new int[size]);
    }
  }

  private boolean meets(int from, int to) {
    return channelsAlong.stream()
        .flatMapToInt(IntStream::of)
        .anyMatch(channel -> channel >= from && channel < to);
  }

  @Override
  public void draw(long step, long seed, int trainer, IntBuffer mask) {
    groups.forEach(group -> group.draw().draw(step, seed, trainer, group.channels()));
    int[] product = {ONE};
    for (int axis = 0; axis < products.size(); axis++) {
      product = times(product, channelsAlong.get(axis), products.get(axis));
    }
    mask.put(0, product);
  }

  private int[] times(int[] outer, int[] along, int[] product) {
    int next = 0;
    for (int before : outer) {
      for (int channel : along) {
        product[next++] = channel < 0 ? before : before & drawn[channel];
      }
    }
    return product;
  }
}
