package io.espalier.telemetry.view;

/**
 * How far a topic is read.
 *
 * @param position records that were read or passed over, over all partitions
 * @param end records that the broker has had
 * @param perSecond records read in a second, lately
 */
public record TopicProgress(String name, long position, long end, double perSecond) {
  /** Records that are not read yet. */
  public long lag() {
    return Math.max(0, end - position);
  }
}
