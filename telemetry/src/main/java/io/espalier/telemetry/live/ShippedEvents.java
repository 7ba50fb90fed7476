package io.espalier.telemetry.live;

import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.util.List;

/** What a broker holds of a run, as it lies there. */
public final class ShippedEvents {
  private ShippedEvents() {}

  /**
   * All records of a run that are there now, each topic in its order, those that were delivered
   * twice included.
   *
   * @throws IOException if the broker does not answer, or a record is no event
   */
  public static List<RawEnvelope> read(RunId run, BrokerAccess broker) throws IOException {
    try (KafkaSource source = KafkaSource.open(run, broker)) {
      return source.past();
    }
  }
}
