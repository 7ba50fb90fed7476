package io.espalier.telemetry.live;

import io.espalier.telemetry.event.RawEnvelope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Where the events of one run come from; used by one thread, except for {@link #stop}. */
interface EventSource extends AutoCloseable {
  /** All that is there already, each source and topic in order. */
  List<RawEnvelope> past() throws IOException;

  /** What came since, waiting up to {@code limit} for something. */
  List<RawEnvelope> next(Duration limit) throws IOException;

  /** Ends a waiting {@link #next} early; from any thread. */
  void stop();

  @Override
  void close() throws IOException;
}
