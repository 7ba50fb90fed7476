package io.espalier.telemetry.live;

import io.espalier.telemetry.event.RawEnvelope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A source of the events of one run; used by one thread, except for {@link #stop}. */
interface EventSource extends AutoCloseable {
  /** Returns all present events, each source and topic in order. */
  List<RawEnvelope> past() throws IOException;

  List<RawEnvelope> next(Duration limit) throws IOException;

  /** Ends a waiting {@link #next} early; from any thread. */
  void stop();

  @Override
  void close() throws IOException;
}
