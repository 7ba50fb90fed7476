package io.espalier.telemetry.event;

import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.MaskEvent.CutParameter;
import io.espalier.telemetry.event.MaskEvent.GroupWidth;
import io.espalier.telemetry.event.MaskEvent.NetworkSize;
import java.util.List;

/** Cuts of a network {@code [6, 4]} then {@code [2, 6]}, whose six channels go. */
public final class SampleCuts {
  private static final int CHANNELS = 6;

  private SampleCuts() {}

  public static ChannelsCut at(long step, int before, int after) {
    return new ChannelsCut(
        step,
        2,
        "d" + after,
        List.of(new GroupWidth("fc1.weight", CHANNELS, before, after)),
        List.of(
            new CutParameter("fc1.weight", List.of((long) after, 4L), 4L * after),
            new CutParameter("fc2.weight", List.of(2L, (long) after), 2L * after)),
        size(before),
        size(after),
        size(CHANNELS),
        0.25);
  }

  private static NetworkSize size(long channels) {
    return new NetworkSize(6 * channels, 6 * channels, 48 * channels);
  }
}
