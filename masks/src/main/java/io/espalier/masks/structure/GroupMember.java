package io.espalier.masks.structure;

import io.espalier.masks.ParameterId;
import java.util.stream.IntStream;

/**
 * A group's part of one axis of one parameter: the indices that go with each channel. Immutable.
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

  public int perChannel() {
    return perChannel;
  }

  public int count() {
    return indices.length;
  }

  public IntStream indices(int channel) {
    return IntStream.range(channel * perChannel, (channel + 1) * perChannel).map(i -> indices[i]);
  }

  @Override
  public String toString() {
    return "%s axis %d%s".formatted(parameter, axis, perChannel == 1 ? "" : " ×" + perChannel);
  }
}
