package io.espalier.telemetry.live;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.kafka.CloudEventRecords;
import io.espalier.telemetry.view.ReadModel;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes records to the read model; counts and skips undecodable ones. */
final class EventDispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);

  private final ReadModel model;
  private volatile long skipped;
  private Optional<Instant> newest = Optional.empty();

  EventDispatcher(ReadModel model) {
    this.model = model;
  }

  void take(ConsumerRecord<String, byte[]> record) {
    try {
      Optional<Envelope> envelope = CloudEventRecords.read(record).decode();
      envelope.ifPresent(this::take);
    } catch (IOException | RuntimeException e) {
      skip(record, e);
    }
  }

  private void take(Envelope envelope) {
    Instant observed = model.take(envelope);
    if (newest.isEmpty() || newest.get().isBefore(observed)) {
      newest = Optional.of(observed);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by the feed's thread alone
  private void skip(ConsumerRecord<String, byte[]> record, Exception cause) {
    if (skipped++ == 0) {
      LOG.warn(
          "a record is no event and is passed over, as all such are: topic={}, offset={}, cause={}",
          record.topic(),
          record.offset(),
          cause.toString());
    }
  }

  long skipped() {
    return skipped;
  }

  /** Time of the newest event; an event from a clock that is ahead has the time of its reading. */
  Optional<Instant> newest() {
    return newest;
  }
}
