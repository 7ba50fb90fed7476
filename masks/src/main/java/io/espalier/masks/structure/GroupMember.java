package io.espalier.masks.structure;

import io.espalier.masks.ParameterId;
import java.util.stream.IntStream;

/**
 * The part that a group has of one axis of one parameter: for each channel of the group the indices
 * along the axis that go when the channel goes.
 *
 * <p>Immutable.
 */
public final class GroupMember {
  private final ParameterId parameter;
  private final int axis;
  private final int perChannel;
  private final int[] indices;

  /** Takes ownership of {@code indices}, channel by channel, ascending in each. */
  GroupMember(ParameterId parameter, int axis, int perChannel, int[] indices) {
    this.parameter = parameter;
    this.axis = axis;
    this.perChannel = perChannel;
    this.indices = indices;
  }

  public ParameterId parameter() {
    return parameter;
  }

  public int axis() {
    return axis;
  }

  /** Indices of each channel: the same number for all. */
  public int perChannel() {
    return perChannel;
  }

  /** Indices of all channels together. */
  public int count() {
    return indices.length;
  }

  /** Indices of one channel, ascending. */
  public IntStream indices(int channel) {
    return IntStream.range(channel * perChannel, (channel + 1) * perChannel).map(i -> indices[i]);
  }

  @Override
  public String toString() {
    return "%s axis %d%s".formatted(parameter, axis, perChannel == 1 ? "" : " ×" + perChannel);
  }
}
