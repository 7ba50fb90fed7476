package io.espalier.masks.federated;

import io.espalier.masks.Mask;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import java.util.List;

/**
 * Channels of narrower and narrower networks: of each group the first {@code ⌈width · channels⌉},
 * so that every network is a part of all wider ones ("HeteroFL: computation and communication
 * efficient federated learning for heterogeneous clients", Diao, Ding and Tarokh, 2021; "FjORD:
 * fair and accurate federated learning under heterogeneous targets with ordered dropout", Horváth
 * et al., 2021). The order is that of the channels, fixed for a whole run: what a device holds
 * never moves, and training itself makes the first channels the important ones, as most devices
 * train them.
 */
public final class PrefixChannels {
  private PrefixChannels() {}

  /**
   * The kept channels per group: all where it has an obstacle, else at least one; {@code width} is
   * in (0, 1].
   */
  public static List<Mask> kept(Groups groups, double width) {
    if (!(width > 0 && width <= 1)) {
      throw new IllegalArgumentException("a width must be above 0 and up to 1: width=" + width);
    }
    return groups.all().stream().map(group -> kept(group, width)).toList();
  }

  private static Mask kept(Group group, double width) {
    int channels = group.channels();
    int first =
        group.isPrunable() ? Math.max(1, (int) Math.ceil(width * channels - 1e-9)) : channels;
    return Mask.of(channels, channel -> channel < first);
  }
}
