package io.espalier.trainer.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

public final class StreamCursor implements AutoCloseable {
  private final ExampleStream stream;
  private final ExampleStream.Reader reader;
  private final LongSupplier clockNs;
  private final long[] offsets;
  private int turn;
  private long accepted;
  private long skipped;
  private int lastTurn;
  private long lastOffset;

  public StreamCursor(ExampleStream stream, StreamPosition from, ExampleFormat format) {
    this(stream, from, format, System::nanoTime);
  }

  StreamCursor(
      ExampleStream stream, StreamPosition from, ExampleFormat format, LongSupplier clockNs) {
    this.stream = stream;
    this.clockNs = clockNs;
    this.reader = stream.open(from, format);
    this.offsets = from.offsets().stream().mapToLong(Long::longValue).toArray();
    this.turn = from.turn();
    this.accepted = from.accepted();
    this.skipped = from.skipped();
  }

  public Optional<StreamRecord.Example> next(Duration limit) {
    long deadline = clockNs.getAsLong() + limit.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - clockNs.getAsLong()));
      Optional<StreamRecord> record = reader.next(turn, left);
      if (record.isEmpty()) {
        return Optional.empty();
      }
      if (take(record.get()).content() instanceof StreamRecord.Example example) {
        return Optional.of(example);
      }
    }
  }

  private StreamRecord take(StreamRecord record) {
    if (record.offset() < offsets[turn]) {
      throw new IllegalStateException(
          "a reader must go forward: expected=%d, found=%d"
              .formatted(offsets[turn], record.offset()));
    }
    lastTurn = turn;
    lastOffset = record.offset();
    offsets[turn] = record.offset() + 1;
    turn = (turn + 1) % offsets.length;
    if (record.content() instanceof StreamRecord.Malformed malformed) {
      skipped++;
      stream.skipped(lastTurn, record, malformed);
    } else {
      accepted++;
    }
    return record;
  }

  public long accepted() {
    return accepted;
  }

  public StreamPosition position() {
    return new StreamPosition(boxed(offsets), turn, accepted, skipped);
  }

  public StreamPosition beforeLast() {
    long[] before = offsets.clone();
    before[lastTurn] = lastOffset;
    return new StreamPosition(boxed(before), lastTurn, accepted - 1, skipped);
  }

  private static List<Long> boxed(long[] values) {
    List<Long> list = new ArrayList<>(values.length);
    for (long value : values) {
      list.add(value);
    }
    return list;
  }

  @Override
  public void close() {
    reader.close();
  }
}
