package io.espalier.telemetry.view;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps that each attempt measured: an attempt's first measured step voids older attempts from
 * there on.
 */
final class Segments {
  private final List<Segment> segments = new ArrayList<>(1);

  private record Segment(int attempt, long first) {}

  boolean isTaken(int attempt, long step) {
    for (int i = segments.size() - 1; i >= 0 && segments.get(i).attempt() > attempt; i--) {
      if (segments.get(i).first() <= step) {
        return true;
      }
    }
    return false;
  }

  boolean begin(int attempt, long step) {
    int at = segments.size();
    while (at > 0 && segments.get(at - 1).attempt() > attempt) {
      at--;
    }
    if (at > 0 && segments.get(at - 1).attempt() == attempt) {
      if (segments.get(at - 1).first() <= step) {
        return false;
      }
      segments.set(at - 1, new Segment(attempt, step));
      return true;
    }
    segments.add(at, new Segment(attempt, step));
    return true;
  }

  void discard(int attempt, long firstVoid) {
    segments.removeIf(each -> each.attempt() < attempt && each.first() >= firstVoid);
  }

  /** Returns the first step of this or a later attempt; {@link Long#MAX_VALUE} if none. */
  long firstOf(int attempt) {
    for (Segment segment : segments) {
      if (segment.attempt() >= attempt) {
        return segment.first();
      }
    }
    return Long.MAX_VALUE;
  }
}
