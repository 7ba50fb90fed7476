package io.espalier.trainer.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Reads the examples of a stream one after the other. Confined to one thread. */
public final class StreamCursor implements AutoCloseable {
  private final ExampleStream stream;
  private final ExampleStream.Reader reader;
  private final LongSupplier clockNs;
  private final Optional<PendingText> text;
  private final long[] offsets;
  private int turn;
  private long accepted;
  private long skipped;
  private int lastTurn;
  private long lastOffset;
  private Optional<StreamPosition> beforeWindow = Optional.empty();

  public StreamCursor(ExampleStream stream, StreamPosition from, RecordFormat format) {
    this(stream, from, format, System::nanoTime);
  }

  StreamCursor(
      ExampleStream stream, StreamPosition from, RecordFormat format, LongSupplier clockNs) {
    this.stream = stream;
    this.clockNs = clockNs;
    this.reader = stream.open(from, format);
    this.text =
        format.window().stream().mapToObj(each -> new PendingText(each, from.tokens())).findFirst();
    this.offsets = from.offsets().stream().mapToLong(Long::longValue).toArray();
    this.turn = from.turn();
    this.accepted = from.accepted();
    this.skipped = from.skipped();
  }

  public Optional<StreamRecord.Example> next(Duration limit) {
    long deadline = clockNs.getAsLong() + limit.toNanos();
    while (true) {
      Optional<StreamRecord.Example> window = nextWindow();
      if (window.isPresent()) {
        return window;
      }
      Duration left = Duration.ofNanos(Math.max(0, deadline - clockNs.getAsLong()));
      Optional<StreamRecord> record = reader.next(turn, left);
      if (record.isEmpty()) {
        return Optional.empty();
      }
      if (take(record.get()) instanceof StreamRecord.Example example) {
        return Optional.of(example);
      }
    }
  }

  private Optional<StreamRecord.Example> nextWindow() {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    StreamPosition before = position();
    Optional<StreamRecord.Example> window = text.get().next();
    if (window.isPresent()) {
      beforeWindow = Optional.of(before);
      accepted++;
    }
    return window;
  }

  private StreamRecord.Content take(StreamRecord record) {
    if (record.offset() < offsets[turn]) {
      throw new IllegalStateException(
          "a reader must go forward: expected=%d, found=%d"
              .formatted(offsets[turn], record.offset()));
    }
    if (record.content() instanceof StreamRecord.TextPart part) {
      text.orElseThrow().add(read(), part);
    }
    lastTurn = turn;
    lastOffset = record.offset();
    offsets[turn] = record.offset() + 1;
    turn = (turn + 1) % offsets.length;
    if (record.content() instanceof StreamRecord.Malformed malformed) {
      skipped++;
      stream.skipped(lastTurn, record, malformed);
    } else if (record.content() instanceof StreamRecord.Example) {
      accepted++;
    }
    return record.content();
  }

  public long accepted() {
    return accepted;
  }

  /** The position behind the last example. */
  public StreamPosition position() {
    return text.map(each -> each.position(read())).orElseGet(this::read);
  }

  /** The position behind the last record that was read. */
  private StreamPosition read() {
    return new StreamPosition(boxed(offsets), turn, accepted, skipped, 0);
  }

  public StreamPosition beforeLast() {
    return beforeWindow.orElseGet(this::beforeLastRecord);
  }

  private StreamPosition beforeLastRecord() {
    long[] before = offsets.clone();
    before[lastTurn] = lastOffset;
    return new StreamPosition(boxed(before), lastTurn, accepted - 1, skipped, 0);
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
